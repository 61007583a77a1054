#pragma once

// Random rules and hosts over few names, so that rules overlap, tie and shadow one another, and
// hosts meet several of them. No regex here takes long: a compiled set may skip those that cannot
// match, and would then decide where the plain scan has given up.

#include "domain/core/text.hpp"
#include "domain/hosts/host.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rules.hpp"
#include "tests/domain/core/random_source.hpp"

#include <string>
#include <utility>

namespace headwater::attribution::test {

class rule_source {
public:
  explicit rule_source(std::uint64_t seed) : random_(seed) {}

  /// Mostly creates; `ids` is how many ids of each kind may exist. Some commands are refused.
  rule_command command(std::int64_t ids) {
    const auto id = 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(ids)));
    switch (random_.below(12)) {
    case 0:
    case 1:
      return create_passthrough_referrer{passthrough_body(true), false};
    case 2:
      return update_passthrough_referrer{id, passthrough_body(false), false, {}};
    case 3:
      return delete_passthrough_referrer{id, {}};
    case 4:
      return delete_referrer_mapping{id, {}};
    case 5:
    case 6:
      return update_referrer_mapping{id, mapping_body(false), false, {}};
    default:
      return create_referrer_mapping{mapping_body(true), false};
    }
  }

  /// As the resolver passes it on, and seldom as no referrer gives it; half of them about a rule.
  /// In lower case, as host_of_referrer gives them.
  std::string host(const account_rules& rules) { return ascii_lower(any_host(rules)); }

  std::uint64_t below(std::uint64_t limit) { return random_.below(limit); }

private:
  std::string any_host(const account_rules& rules) {
    if (random_.once_in(8))
      return random_.pick(strange_hosts());
    const auto text = random_.once_in(2) ? text_of_a_rule(rules) : "";
    if (text.empty())
      return ascii(name());
    static const std::vector<std::string> before{"", "", "www.", "a.", "www.a.", "x", "www.x"};
    static const std::vector<std::string> after{"", "", "", ".com", "x"};
    return random_.pick(before) + text + random_.pick(after);
  }

  static const std::vector<std::string>& strange_hosts() {
    static const std::vector<std::string> all{"",
                                              ".",
                                              "www.",
                                              "www",
                                              "www.www.",
                                              "www.www.shop.com",
                                              "wwww.shop.com",
                                              ".com",
                                              "shop..com",
                                              "shop.com.",
                                              "192.0.2.7",
                                              "[2001:db8::7]",
                                              "com.slack.android",
                                              "www.slack.android",
                                              "m\xC3\xBCnchen.de",
                                              "\xE2\x84\xAA.shop.com", // KELVIN SIGN
                                              "\xC5\xBF"
                                              "hop.com", // long s
                                              "www.\xE2\x84\xAAt.co",
                                              std::string(63, 'a') + "." + std::string(180, 'b'),
                                              "a b\tc",
                                              std::string("a\0b.com", 7)};
    return all;
  }

  std::string text_of_a_rule(const account_rules& rules) {
    const auto some_id = [&](std::size_t total) {
      return static_cast<std::int64_t>(1 + random_.below(total + 2));
    };
    if (random_.once_in(2)) {
      const auto found =
          rules.passthrough_referrers().find(some_id(rules.passthrough_referrers().total()));
      return found ? found->domain : "";
    }
    const auto found = rules.referrer_mappings().find(some_id(rules.referrer_mappings().total()));
    return found ? found->referrer_pattern : "";
  }

  static std::string ascii(std::string name) {
    auto made = to_ascii_domain(name);
    return made ? std::move(*made) : std::move(name);
  }

  std::string name() {
    static const std::vector<std::string> labels{"a",
                                                 "b",
                                                 "aa",
                                                 "ab",
                                                 "www",
                                                 "www2",
                                                 "shop",
                                                 "t",
                                                 "k",
                                                 "partner-1",
                                                 "m\xC3\xBCnchen",
                                                 "B\xC3\x9C",
                                                 "com",
                                                 "xn--mnchen-3ya"};
    static const std::vector<std::string> ends{"com", "de", "co", "co.uk", "test", "android"};
    std::string made = random_.once_in(4) ? "www." : "";
    for (auto more = 1 + random_.below(3); more > 0; --more)
      made += random_.pick(labels) + ".";
    return made + random_.pick(ends);
  }

  /// A piece of a host, from one character up.
  std::string piece() {
    const auto whole = ascii(name());
    const auto from = random_.below(whole.size());
    return whole.substr(from, 1 + random_.below(whole.size() - from));
  }

  std::string quoted(const std::string& text) {
    std::string made;
    for (const char c : text)
      made += c == '.' || c == '-' ? std::string("\\") + c : std::string(1, c);
    return made;
  }

  std::string regex() {
    static const std::vector<std::string> fixed{".",
                                                "^$",
                                                "^www\\.",
                                                "[a-z]+$",
                                                "^[^.]+\\.com$",
                                                "\\d",
                                                "(?i)SHOP",
                                                "(?x) shop # here",
                                                "\\bco\\b",
                                                "^(?:a|b|aa|ab)\\.",
                                                "(com|de)$",
                                                "^(?!www).*\\.de$",
                                                "k",
                                                "\xE2\x84\xAA",
                                                "s",
                                                "^.\\.co",
                                                "(.)\\1",
                                                "[ab]{2}\\.",
                                                "a|",
                                                "\\.(?:co|test)(?:\\.uk)?$",
                                                "\\Qshop.c\\E",
                                                "("};
    switch (random_.below(6)) {
    case 0:
      return random_.pick(fixed);
    case 1:
      return "^" + quoted(piece());
    case 2:
      return quoted(piece()) + "$";
    case 3:
      return "(" + quoted(piece()) + "|" + quoted(piece()) + ")";
    case 4:
      return quoted(piece()) + "+." + (random_.once_in(2) ? "*" : "?") + quoted(piece());
    default:
      return quoted(piece()) + "[a-z0-9.]*" + quoted(piece());
    }
  }

  std::string pattern(const std::string& type) {
    if (type == "regex")
      return regex();
    if (type == "exact" || random_.once_in(8))
      return random_.once_in(10) ? random_.pick(strange_hosts()) : name();
    const auto whole = ascii(name());
    if (type == "contains")
      return piece();
    const auto length = 1 + random_.below(whole.size());
    return type == "starts_with" ? whole.substr(0, length) : whole.substr(whole.size() - length);
  }

  void common(draft& body) {
    if (random_.once_in(3))
      body.members.push_back({"is_active", !random_.once_in(3)});
    if (random_.once_in(4)) // a change that leaves the pattern alone
      body.members.push_back({"utm_campaign", std::to_string(random_.below(100))});
  }

  draft passthrough_body(bool whole) {
    draft body;
    if (whole || random_.once_in(2))
      body.members.push_back({"domain", name()});
    if (whole)
      body.members.push_back({"utm_source", std::string("s")});
    common(body);
    return body;
  }

  draft mapping_body(bool whole) {
    static const std::vector<std::string> types{"exact", "contains", "starts_with", "ends_with",
                                                "regex"};
    draft body;
    const auto type = random_.pick(types);
    if (whole || random_.once_in(2)) {
      body.members.push_back({"match_type", type});
      body.members.push_back({"referrer_pattern", pattern(type)});
    }
    if (whole)
      body.members.push_back({"utm_source", std::string("s")});
    if (random_.once_in(2))
      body.members.push_back({"priority", static_cast<std::int64_t>(random_.below(4))});
    common(body);
    return body;
  }

  random_source random_;
};

} // namespace headwater::attribution::test
