// Implements account_rules::from_canonical (rules.hpp), which saves replaying an account from its
// start.

#include "domain/rules/canonical_rule.hpp"
#include "domain/rules/rule_pattern.hpp"
#include "domain/rules/rule_payload.hpp"
#include "domain/rules/rules.hpp"

namespace headwater::attribution {
namespace {

error not_a_state(std::string_view why) {
  return {errc::corrupt_log, "a state of rules cannot be read: " + std::string(why)};
}

/// The slow path for a rule that the quick reader rejects; it gets just the rule's own text.
template <class Rule, auto& Names>
bool read_rare_rule(std::string_view payload, Rule& out) {
  auto rule = read_payload<Rule>(payload, Names);
  if (!rule)
    return false;
  json_writer again;
  write_payload(again, *rule, Names);
  out = std::move(*rule);
  return std::move(again).str() == payload;
}

/// One rule with its times, `{"revision":<integer>,"rule":{...}}`; false if it is not one.
template <class Rule, auto& Names>
bool read_rule(canonical_reader& in, Rule& out) {
  std::uint64_t revision = 0;
  std::string_view payload;
  if (!in.literal(R"({"revision":)") || !in.integer(revision) || !in.literal(R"(,"rule":)") ||
      !in.raw_view(payload) || !in.literal("}") ||
      (!read_canonical_rule<Rule, Names>(payload, out) &&
       !read_rare_rule<Rule, Names>(payload, out)))
    return false;
  out.revision = revision;
  return true;
}

/// Reads a list of rules, ids ascending, into an empty store whose ids are reserved.
template <class Rule, auto& Names, class Put>
bool read_rules(canonical_reader& in, Put&& put) {
  if (!in.literal("["))
    return false;
  for (bool is_first = true; !in.next_is(']'); is_first = false) {
    Rule rule;
    if ((!is_first && !in.literal(",")) || !read_rule<Rule, Names>(in, rule) ||
        !put(std::move(rule)))
      return false;
  }
  return in.literal("]");
}

} // namespace

result<account_rules> account_rules::from_canonical(std::string_view text) {
  account_rules out;
  canonical_reader in{text};
  std::uint64_t next_referrer = 0;
  std::uint64_t next_mapping = 0;
  if (!in.literal(R"({"next_passthrough_referrer_id":)") || !in.integer(next_referrer) ||
      !in.literal(R"(,"next_referrer_mapping_id":)") || !in.integer(next_mapping) ||
      next_referrer == 0 || next_mapping == 0)
    return not_a_state("its beginning is another");
  out.passthrough_.reserve_ids(static_cast<std::int64_t>(next_referrer));
  out.mappings_.reserve_ids(static_cast<std::int64_t>(next_mapping));
  const auto put_in = [](auto& store) {
    return [&store](auto rule) {
      attach_pattern(rule, nullptr, store.patterns());
      return store.put_back(std::move(rule));
    };
  };
  if (!in.literal(R"(,"passthrough_referrers":)") ||
      !read_rules<passthrough_referrer, stored_referrer_v1>(in, put_in(out.passthrough_)) ||
      !in.literal(R"(,"referrer_mappings":)") ||
      !read_rules<referrer_mapping, stored_mapping_v1>(in, put_in(out.mappings_)))
    return not_a_state("one of its rules is damaged");
  if (!in.literal(R"(,"version":)") || !in.integer(out.version_) || !in.literal("}") ||
      !in.finished())
    return not_a_state("its end is another");
  return out;
}

} // namespace headwater::attribution
