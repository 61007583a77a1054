// Implements account_rules::from_canonical (rules.hpp), which saves replaying an account from its
// start.

#include "domain/rules/canonical_rule.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rule_pattern.hpp"
#include "domain/rules/rules.hpp"
#include "domain/rules/settings_fields.hpp"

namespace headwater::attribution {
namespace {

error not_a_state(std::string_view why) {
  return {errc::corrupt_log, "a state of rules cannot be read: " + std::string(why)};
}

/// The slow path for a rule that the quick reader rejects; it gets just the rule's own text.
template <class Rule>
bool read_rare_rule(std::string_view payload, Rule& out) {
  auto rule = read_payload<Rule>(payload, rule_kind<Rule>::stored_layout);
  if (!rule)
    return false;
  json_writer again;
  write_payload(again, *rule, rule_kind<Rule>::stored_layout);
  out = std::move(*rule);
  return std::move(again).str() == payload;
}

/// One rule with its times, `{"revision":<integer>,"rule":{...}}`; false if it is not one.
template <class Rule>
bool read_rule(canonical_reader& in, Rule& out) {
  constexpr const auto& names = rule_kind<Rule>::stored_layout;
  std::uint64_t revision = 0;
  std::string_view payload;
  if (!in.literal(R"({"revision":)") || !in.integer(revision) || !in.literal(R"(,"rule":)") ||
      !in.raw_view(payload) || !in.literal("}") ||
      (!read_canonical_rule<Rule, names>(payload, out) && !read_rare_rule(payload, out)))
    return false;
  out.revision = revision;
  return true;
}

/// Reads a list of rules, ids ascending, into an empty store whose ids are reserved.
template <class Rule, class Put>
bool read_rules(canonical_reader& in, Put&& put) {
  if (!in.literal("["))
    return false;
  for (bool is_first = true; !in.next_is(']'); is_first = false) {
    Rule rule;
    if ((!is_first && !in.literal(",")) || !read_rule(in, rule) || !put(std::move(rule)))
      return false;
  }
  return in.literal("]");
}

constexpr std::string_view settings_opening = R"({"attribution":{"revision":)";

/// `{"attribution":{"revision":<integer>,"settings":{...}}`; false if it is not that, byte for
/// byte.
bool read_settings(canonical_reader& in, attribution_settings& out, std::uint64_t& revision) {
  std::string_view payload;
  if (!in.literal(settings_opening) || !in.integer(revision) || revision == 0 ||
      !in.literal(R"(,"settings":)") || !in.raw_view(payload) || !in.literal("}"))
    return false;
  auto read = read_payload<attribution_settings>(payload, attribution_settings_v1);
  if (!read)
    return false;
  json_writer again;
  write_payload(again, *read, attribution_settings_v1);
  out = std::move(*read);
  return again.view() == payload;
}

} // namespace

result<account_rules> account_rules::from_canonical(std::string_view text) {
  account_rules out;
  canonical_reader in{text};
  bool good = true;
  std::string opening = R"({"next_)";
  if (text.starts_with(settings_opening)) {
    attribution_settings settings;
    if (!read_settings(in, settings, out.settings_revision_))
      return not_a_state("its settings are damaged");
    out.settings_ = std::make_shared<const attribution_settings>(std::move(settings));
    opening.front() = ',';
  }
  each_rule_kind([&](auto kind) {
    std::uint64_t next = 0;
    good = good && in.literal(opening.append(kind.name).append(R"(_id":)")) && in.integer(next) &&
           next > 0;
    std::get<rule_store<rule_of<decltype(kind)>>>(out.stores_)
        .reserve_ids(static_cast<std::int64_t>(next));
    opening = R"(,"next_)";
  });
  if (!good)
    return not_a_state("its beginning is another");
  each_rule_kind([&](auto kind) {
    using rule = rule_of<decltype(kind)>;
    auto& rules = std::get<rule_store<rule>>(out.stores_);
    const auto put = [&rules](rule one) {
      attach_pattern(one, nullptr, rules.patterns());
      return rules.put_back(std::move(one));
    };
    good = good && in.literal(R"(,")" + std::string(kind.names) + R"(":)") &&
           read_rules<rule>(in, put);
  });
  if (!good)
    return not_a_state("one of its rules is damaged");
  if (!in.literal(R"(,"version":)") || !in.integer(out.version_) || !in.literal("}") ||
      !in.finished())
    return not_a_state("its end is another");
  return out;
}

} // namespace headwater::attribution
