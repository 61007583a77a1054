#pragma once

// Accounts with a few rules, and what lint finds in them, as short texts.

#include "domain/lint/lint.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/resolve/rule_set.hpp"
#include "tests/domain/rules/account.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace headwater::attribution::test {

inline const referrals::allow_list& platforms() {
  static const referrals::allow_list list;
  return list;
}

inline lint_report lint_of(const account& one, lint_options options = {}) {
  return lint(one.rules(), rule_set(one.rules()), platforms(), *source_lists::shipped(), options);
}

inline std::string shown(const lint_finding& one) {
  std::string out(to_string(one.code));
  for (const auto& each : one.rules)
    out += (each.kind == "referrer_mapping" ? " m" : " p") + std::to_string(each.id);
  return out;
}

/// "code m2 m1" of each finding in the order given; the first rule is the one that it is about.
inline std::vector<std::string> findings(const account& one, lint_options options = {}) {
  std::vector<std::string> out;
  for (const auto& each : lint_of(one, std::move(options)).findings)
    out.push_back(shown(each));
  return out;
}

using texts = std::vector<std::string>;

/// Adds a mapping with UTM values of its own.
inline void map(account& to, const std::string& type, const std::string& pattern, int priority = 0,
                const std::string& source = "") {
  const auto made = to.add_mapping(
      R"({"referrer_pattern":")" + pattern + R"(","match_type":")" + type + R"(","utm_source":")" +
      (source.empty() ? "s" + std::to_string(to.rules().version()) : source) + R"(","priority":)" +
      std::to_string(priority) + "}");
  BOOST_REQUIRE_MESSAGE(made, pattern);
}

inline void pass(account& to, const std::string& domain, const std::string& source = "s") {
  BOOST_REQUIRE(to.add_passthrough(R"({"utm_medium":"referral","domain":")" + domain +
                                   R"(","utm_source":")" + source + R"("})"));
}

/// The findings of an account with one mapping.
inline texts alone(const std::string& type, const std::string& pattern) {
  account one;
  map(one, type, pattern);
  return findings(one);
}

/// The findings about anything but AI platforms.
inline texts without_platforms(texts found) {
  std::erase_if(found, [](const auto& each) { return each.starts_with("overrides_ai_platform"); });
  return found;
}

inline host page(std::string_view name) {
  return {std::string(name), host_kind::domain};
}

} // namespace headwater::attribution::test
