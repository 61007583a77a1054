#pragma once

#include "account.hpp"

#include <random>

namespace headwater::attribution::test {

/// Random commands over few names, so that conflicts, no-ops and reuse of names are common.
class command_source {
public:
  explicit command_source(std::uint64_t seed) : random_(seed) {}

  rule_command next() {
    const auto id = static_cast<std::int64_t>(below(9));
    switch (below(10)) {
    case 0:
    case 1:
      return create_passthrough_referrer{passthrough_body(true), false};
    case 2:
      return update_passthrough_referrer{id, passthrough_body(false), false, precondition()};
    case 3:
      return delete_passthrough_referrer{id, precondition()};
    case 4:
    case 5:
      return create_referrer_mapping{mapping_body(true), false};
    case 6:
      return update_referrer_mapping{id, mapping_body(false), false, precondition()};
    case 7:
      return update_settings{settings_body(), false, precondition()};
    case 8:
      if (below(4) == 0)
        return delete_rules<passthrough_referrer>{{id, id + 1}, precondition()};
      return change_of_many();
    default:
      return delete_referrer_mapping{id, precondition()};
    }
  }

  std::string host() {
    static const std::vector<std::string> labels{"a", "b", "www", "shop", "aa", "ab"};
    std::string name = pick(labels);
    for (auto more = below(3); more > 0; --more)
      name += "." + pick(labels);
    return name + (below(2) ? ".com" : ".de");
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// The body of a PATCH.
  draft mapping_patch() { return mapping_body(false); }

private:
  /// Worked out without the rules, so that the decision has to do it.
  rule_command change_of_many() {
    chosen_rules body;
    for (auto more = below(4) + 1; more > 0; --more)
      body.ids.emplace_back(static_cast<std::int64_t>(below(9)));
    body.set = mapping_body(false);
    return change_rules<referrer_mapping>{
        std::make_shared<const chosen_change<referrer_mapping>>(
            work_out(rule_store<referrer_mapping>{}, std::move(body), false)),
        precondition()};
  }

  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  preconditions precondition() {
    preconditions out;
    if (below(4) != 0)
      return out;
    auto& tags = below(4) != 0 ? out.match.emplace() : out.none_match.emplace();
    tags.any = below(2) == 0;
    tags.strong.push_back(std::to_string(below(20)));
    return out;
  }

  void common(draft& body) {
    static const std::vector<std::string> texts{"", "x", "\xC3\xA4\"\\", "long value"};
    if (below(2))
      body.members.push_back({"utm_campaign", pick(texts)});
    if (below(2))
      body.members.push_back({"is_active", below(3) != 0});
    if (below(8) == 0)
      body.members.push_back({"utm_medium", json_null{}});
  }

  draft passthrough_body(bool whole) {
    draft body;
    if (whole || below(3) == 0)
      body.members.push_back({"domain", host()});
    if (whole || below(3) == 0)
      body.members.push_back({"utm_source", std::string(below(9) ? "s" : "")});
    common(body);
    return body;
  }

  draft mapping_body(bool whole) {
    static const std::vector<std::string> types{"exact", "contains", "starts_with", "ends_with",
                                                "regex"};
    static const std::vector<std::string> patterns{"a",    ".com",   "shop", "^a+\\.",
                                                   "www.", "(a|b)$", "b.de", "("};
    draft body;
    if (whole || below(3) == 0)
      body.members.push_back({"referrer_pattern", below(2) ? host() : pick(patterns)});
    if (below(2))
      body.members.push_back({"match_type", pick(types)});
    if (whole || below(3) == 0)
      body.members.push_back({"utm_source", std::string("s")});
    if (below(2))
      body.members.push_back({"priority", static_cast<std::int64_t>(below(4))});
    if (below(3) == 0)
      body.members.push_back({"label", below(2) ? json_value(json_null{}) : json_value(host())});
    common(body);
    return body;
  }

  /// Some texts have no stored form.
  json_list some_of(const std::vector<std::string>& from) {
    json_list out;
    for (auto more = below(4); more > 0; --more)
      out.items.emplace_back(pick(from));
    return out;
  }

  draft settings_body() {
    static const std::vector<std::string> domains{"a.com", "https://B.de/", "m\xC3\xBCnchen.de",
                                                  "c.shop.com"};
    static const std::vector<std::string> paths{"/", "/checkout/", "/k\xC3\xBC/1", "/a?b"};
    static const std::vector<std::string> families{"ref", "source", "mtm", "pk", "utm_id"};
    static const std::vector<std::string> words{"ai", "llm", "\xC3\xA4 i", ""};
    draft body;
    if (below(2))
      body.members.push_back({"own_domains", some_of(domains)});
    if (below(2))
      body.members.push_back({"return_paths", some_of(paths)});
    if (below(3) == 0) {
      auto list = some_of(families);
      if (below(5))
        list.items.emplace_back(std::string("utm"));
      body.members.push_back({"campaign_parameters", std::move(list)});
    }
    if (below(3) == 0)
      body.members.push_back({"ai_medium", pick(words)});
    if (below(3) == 0)
      body.members.push_back({"drop_spam", below(2) == 0});
    if (below(3) == 0)
      body.members.push_back({"classification", std::string(below(2) ? "full" : "basic")});
    if (below(4) == 0)
      body.members.push_back({"timezone", std::string(below(2) ? "UTC" : "Europe/Berlin")});
    if (below(3) == 0)
      body.members.push_back(
          {"currency", below(2) ? json_value(json_null{}) : json_value(std::string("EUR"))});
    return body;
  }

  std::mt19937_64 random_;
};

} // namespace headwater::attribution::test
