#pragma once

// An account with a few rules, a small allow-list, and visits as JSON.

#include "domain/resolve/cascade/resolver.hpp"
#include "domain/resolve/input/visit_json.hpp"
#include "domain/resolve/rule_set.hpp"
#include "tests/domain/rules/account.hpp"

namespace headwater::attribution::test {

/// A small allow-list: chatgpt.com, the path x.com/i/grok, the app of Claude.
class few_platforms final : public ai_platforms {
public:
  std::optional<std::string_view> platform_of(std::string_view raw) const override {
    if (raw.find("://chatgpt.com") != raw.npos)
      return "ChatGPT";
    if (raw.find("x.com/i/grok") != raw.npos)
      return "Grok";
    if (raw.find("com.anthropic.claude") != raw.npos)
      return "Claude";
    return std::nullopt;
  }
  std::optional<std::string_view> platform_of_source(std::string_view source) const override {
    if (source == "chatgpt.com")
      return "ChatGPT";
    return std::nullopt;
  }
  std::optional<std::string_view> entry_of(std::string_view raw) const override {
    if (platform_of(raw) == "Grok")
      return "x.com/i/grok";
    return platform_of(raw) ? std::optional<std::string_view>("chatgpt.com") : std::nullopt;
  }
  std::string_view list_date() const override { return "2026-11-21"; }
};

/// An account with a passthrough referrer, a mapping of chatgpt.com's neighbour and one of AI.
struct resolving_fixture {
  resolving_fixture() {
    BOOST_REQUIRE(one.add_passthrough(R"({"domain":"booking.mirai.com","utm_source":"mirai",
        "utm_campaign":"fallback"})"));
    BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"partner-site.com",
        "utm_source":"partner-site","utm_content":"c","priority":100})"));
  }

  attribution_result resolved(std::string_view json, bool explain = false) {
    const auto visit = parse_visit(json);
    BOOST_REQUIRE_MESSAGE(visit, json);
    auto found = resolve(rule_set(one.rules()), platforms, lists, *visit, explain);
    BOOST_REQUIRE_MESSAGE(found, json);
    return std::move(*found);
  }

  /// "outcome source/medium/campaign/term/content", "+" in front where a session continues.
  std::string summary(std::string_view json) {
    const auto found = resolved(json);
    return (found.continues_session ? "+" : "") + std::string(to_string(found.outcome)) + " " +
           found.utm.source + "/" + found.utm.medium + "/" + found.utm.campaign + "/" +
           found.utm.term + "/" + found.utm.content;
  }

  account one;
  few_platforms platforms;
  const source_lists& lists = *source_lists::shipped();
};

} // namespace headwater::attribution::test
