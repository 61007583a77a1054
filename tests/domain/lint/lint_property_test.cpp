#include "domain/lint/lint.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/resolve/rule_set.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/domain/rules/account.hpp"

#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

using namespace headwater;
using namespace headwater::attribution;
using headwater::attribution::test::setting;
using test::account;

namespace {

/// Rules and hosts over few labels, so that rules get in each other's way.
class source {
public:
  explicit source(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::string host() {
    std::string name = label();
    for (auto more = below(3); more > 0; --more)
      name += "." + label();
    return name + (below(2) ? ".com" : ".co.uk");
  }

  /// A piece of a host, cut anywhere.
  std::string piece() {
    const auto whole = host();
    const auto at = below(whole.size());
    return whole.substr(at, 1 + below(whole.size() - at));
  }

  std::string pattern(std::string& type) {
    static const std::vector<std::string> regexes{R"(^a)",
                                                  R"(shop\.com$)",
                                                  R"((a|b)\.)",
                                                  R"(^(www\.)?shop\.com$)",
                                                  R"(shop.*com)",
                                                  R"(ab?\.co)",
                                                  R"(^b\.com$)",
                                                  R"(a\.$)",
                                                  R"(www\.(a|ab)\.)",
                                                  R"(^(a|aa)\.shop\.co\.uk$)",
                                                  R"([a-b]+\.com)",
                                                  R"((?<!a)b\.com)",
                                                  R"(shop|aa\.)",
                                                  R"(^shop\.)",
                                                  R"(x*$)",
                                                  R"(^www\.b\.com$)"};
    switch (below(6)) {
    case 0:
      type = "contains";
      return piece();
    case 1:
      type = "starts_with";
      return piece();
    case 2:
      type = "ends_with";
      return below(2) ? piece() : "." + host();
    case 3:
      type = "regex";
      return regexes[below(regexes.size())];
    default:
      type = "exact";
      return below(12) ? host() : "*." + host();
    }
  }

  /// A host that has something to do with a pattern.
  std::string host_near(const std::string& text) {
    switch (below(7)) {
    case 0:
      return text;
    case 1:
      return "www." + text;
    case 2:
      return text + host();
    case 3:
      return host() + text;
    case 4:
      return label() + text + label();
    case 5:
      return label() + "." + text;
    default:
      return host();
    }
  }

private:
  std::string label() {
    static const std::vector<std::string> labels{"a", "b", "www", "shop", "aa", "ab", "ba"};
    return labels[below(labels.size())];
  }

  std::mt19937_64 random_;
};

std::string quoted(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

account random_account(source& from) {
  account one;
  for (auto rules = 2 + from.below(14); rules > 0; --rules) {
    const auto utm = R"("utm_source":"s)" + std::to_string(from.below(3)) + "\"";
    if (from.below(5) == 0) {
      static_cast<void>(
          one.add_passthrough(R"({"domain":)" + quoted(from.host()) + "," + utm + "}"));
      continue;
    }
    std::string type;
    const auto pattern = from.pattern(type);
    static_cast<void>(one.add_mapping(R"({"referrer_pattern":)" + quoted(pattern) +
                                      R"(,"match_type":")" + type + R"(","priority":)" +
                                      std::to_string(from.below(3)) + R"(,"is_active":)" +
                                      (from.below(8) ? "true" : "false") + "," + utm + "}"));
  }
  return one;
}

bool says_never(const lint_finding& one) {
  return one.code == lint_code::never_matches || one.code == lint_code::shadowed ||
         one.code == lint_code::behind_passthrough;
}

/// Makes the changes that a finding suggests; the account refuses none of them.
void make(account& one, const lint_finding& found) {
  for (const auto& each : found.fix) {
    const auto slash = each.path.rfind('/');
    const auto id = each.method == "POST" ? 0 : std::stoll(each.path.substr(slash + 1));
    const bool mapping = each.path.starts_with("/referrer-mappings");
    const auto made = [&]() -> result<decision> {
      if (each.method == "POST")
        return mapping ? one.add_mapping(each.body, true) : one.add_passthrough(each.body, true);
      if (each.method == "PATCH")
        return one.patch_mapping(id, each.body);
      return mapping ? one.run(delete_referrer_mapping{id, {}})
                     : one.run(delete_passthrough_referrer{id, {}});
    }();
    BOOST_REQUIRE_MESSAGE(made, found.message << " -> " << each.path << " " << each.body << ": "
                                              << (made ? "" : made.error().message));
    BOOST_REQUIRE_MESSAGE(made->event, found.message << ": the change changes nothing");
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(lint_properties)

BOOST_AUTO_TEST_CASE(no_host_proves_a_never_wrong_and_every_fix_is_accepted) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto accounts = setting("HEADWATER_HISTORIES", 1000);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  const referrals::allow_list platforms;
  std::size_t nevers = 0;
  std::size_t fixes = 0;
  std::set<lint_code> seen;
  for (std::uint64_t n = 0; n < accounts; ++n) {
    source from(seed + n);
    const auto one = random_account(from);
    const rule_set set(one.rules());
    lint_options options;
    options.sites = {host{"shop.com", host_kind::domain}};
    const auto report = lint(one.rules(), set, platforms, *source_lists::shipped(), options);
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", account " << n) {
      for (const auto& found : report.findings) {
        seen.insert(found.code);
        BOOST_REQUIRE(!found.message.empty() && !found.suggestion.empty());
        auto mended = one;
        make(mended, found);
        fixes += found.fix.size();
        if (!says_never(found))
          continue;
        ++nevers;
        BOOST_REQUIRE_EQUAL(found.rules[0].kind, "referrer_mapping");
        const auto id = found.rules[0].id;
        const auto pattern = one.mapping(id).referrer_pattern;
        for (int i = 0; i < 200; ++i) {
          const auto near = host_of_referrer("https://" + from.host_near(pattern));
          if (!near || set.passthrough(near->name))
            continue;
          const auto* decider = set.match(near->name).rule;
          BOOST_REQUIRE_MESSAGE(!decider || decider->id != id,
                                found.message << " But it does for " << near->name);
        }
      }
    }
  }
  // Not all accounts are faultless.
  BOOST_TEST(nevers > accounts / 2);
  BOOST_TEST(fixes > accounts / 2);
  BOOST_TEST(seen.size() >= 12U);
}

BOOST_AUTO_TEST_CASE(an_account_that_does_what_it_is_told_comes_to_rest) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto accounts = setting("HEADWATER_HISTORIES", 1000) / 4;
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  const referrals::allow_list platforms;
  std::size_t longest = 0;
  for (std::uint64_t n = 0; n < accounts; ++n) {
    source from(seed + n);
    auto one = random_account(from);
    std::size_t steps = 0;
    for (;; ++steps) {
      const auto report =
          lint(one.rules(), rule_set(one.rules()), platforms, *source_lists::shipped(), {});
      std::vector<const lint_finding*> with_fix;
      for (const auto& each : report.findings)
        if (!each.fix.empty())
          with_fix.push_back(&each);
      if (with_fix.empty())
        break;
      BOOST_REQUIRE_MESSAGE(steps < 200,
                            "HEADWATER_SEED=" << seed << ", account " << n
                                              << " is still told: " << with_fix.front()->message);
      make(one, *with_fix[from.below(with_fix.size())]);
    }
    longest = std::max(longest, steps);
  }
  BOOST_TEST(longest > 3U);
}

BOOST_AUTO_TEST_SUITE_END()
