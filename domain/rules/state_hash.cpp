#include "domain/rules/state_hash.hpp"

#include "domain/rules/rule_kind.hpp"

namespace headwater::attribution {
namespace {

template <class Rule>
void write_counts(json_writer& out, const rule_store<Rule>& rules) {
  out.key(rule_kind<Rule>::names).begin_object();
  out.member("active_count", static_cast<std::int64_t>(rules.active()));
  out.member("total", static_cast<std::int64_t>(rules.total())).end_object();
}

} // namespace

digest state_hash(const account_rules& rules) {
  return sha256({rules.canonical()});
}

void write_state_members(json_writer& out, std::string_view account_id, const rules_point& at,
                         const account_rules& rules, const digest& hash) {
  out.member("account_id", account_id);
  each_rule_kind([&](auto kind) { write_counts(out, rules.of<rule_of<decltype(kind)>>()); });
  out.member("state_hash", to_hex(hash)).key("time");
  if (at.version == 0)
    out.null();
  else
    out.string(to_rfc3339_micros(at.time));
  out.member("version", static_cast<std::int64_t>(at.version));
}

} // namespace headwater::attribution
