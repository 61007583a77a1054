// What /resolve answered before sources and channels, visit by visit, and that basic classification
// answers the same in every member that there was.

#include "domain/core/digest.hpp"
#include "domain/hosts/host.hpp"
#include "domain/resolve/cascade/resolver.hpp"
#include "tests/domain/resolve/recorded_visits.hpp"

#include <fstream>
#include <map>
#include <set>

using namespace headwater;
using namespace headwater::attribution;
using test::recorded_account;
using test::recorded_platforms;
using test::visit_recorder;

namespace {

std::string short_digest(std::string_view text, std::size_t digits) {
  return to_hex(sha256({text})).substr(0, digits);
}

/// The members that a result had then, as they were written.
std::string rendered_before(const attribution_result& what) {
  json_writer out;
  out.begin_object();
  out.member("outcome", to_string(what.outcome));
  out.member("continues_session", what.continues_session);
  out.key("utm").begin_object();
  out.member("utm_source", what.utm.source).member("utm_medium", what.utm.medium);
  out.member("utm_campaign", what.utm.campaign).member("utm_term", what.utm.term);
  out.member("utm_content", what.utm.content).end_object();
  out.key("rule");
  if (what.rule) {
    out.begin_object();
    write_members(out, *what.rule);
    out.end_object();
  } else {
    out.null();
  }
  out.key("referrer_host").string_or_null(what.referrer_host);
  out.key("ai_platform").string_or_null(what.ai_platform);
  out.end_object();
  return std::move(out).str();
}

struct recorded {
  std::string answer; ///< 16 digits of its digest, or "refused"
  std::string outcome;
  std::string host; ///< 4 digits of the referrer's, or "-"
  bool operator==(const recorded&) const = default;
};

recorded record(const result<attribution_result>& found) {
  if (!found)
    return {"refused", "", ""};
  return {short_digest(rendered_before(*found), 16), std::string(to_string(found->outcome)),
          found->referrer_host ? short_digest(*found->referrer_host, 4) : "-"};
}

std::vector<recorded> recording() {
  std::ifstream in(std::string{HEADWATER_SOURCE_DIR} +
                   "/tests/golden/attribution/visits_before_sources.txt");
  std::vector<recorded> lines;
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == line.npos)
      lines.push_back({line, "", ""});
    else
      lines.push_back(
          {line.substr(0, first), line.substr(first + 1, last - first - 1), line.substr(last + 1)});
  }
  return lines;
}

/// Why a visit may be answered in another way than before; empty: it may not.
std::string_view reason_of(const visit& of, const recorded& before, const recorded& now) {
  if (before.answer == "refused" || now.answer == "refused")
    return "what is a page, and the public suffix list";
  const auto host = of.referrer ? host_of_referrer(*of.referrer) : std::nullopt;
  if (host && source_lists::shipped()->is_spam(host->name))
    return "the list of referrer spam";
  if (before.host != now.host)
    return "what is a referrer";
  if ((before.outcome == "internal") != (now.outcome == "internal"))
    return "the public suffix list";
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(recorded_answers)

BOOST_AUTO_TEST_CASE(basic_classification_answers_as_before_sources_and_channels) {
  const auto before = recording();
  BOOST_REQUIRE(before.size() == test::recorded_visits);
  auto account = recorded_account();
  attribution_settings basic;
  basic.classification = classification::basic;
  account.set(basic);
  const rule_set rules(account.rules());
  const auto& lists = *source_lists::shipped();
  visit_recorder visits;
  std::map<std::string_view, std::set<std::string>> others; // by reason
  std::map<std::string_view, std::size_t> counts;
  for (const auto& then : before) {
    const auto visit = visits.next();
    const auto found = resolve(rules, recorded_platforms(), lists, visit, false);
    const auto now = record(found);
    if (now == then)
      continue;
    const auto why = reason_of(visit, then, now);
    BOOST_TEST(!why.empty(), (found ? rendered_before(*found) : "refused")
                                 << ", before " << then.outcome << ": " << visit.url << " from "
                                 << visit.referrer.value_or("-"));
    ++counts[why];
    others[why].insert(visit.referrer.value_or("-"));
  }
  // Told with --log_level=message.
  for (const auto& [why, referrers] : others) {
    BOOST_TEST_MESSAGE(counts[why] << " visits are answered in another way by " << why << ":");
    for (const auto& each : referrers)
      BOOST_TEST_MESSAGE("  " << each);
  }
  std::size_t all = 0;
  for (const auto& [why, count] : counts)
    all += count;
  BOOST_TEST(all < 3 * test::recorded_visits / 10); // a third of them are misspelled on purpose
}

BOOST_AUTO_TEST_SUITE_END()
