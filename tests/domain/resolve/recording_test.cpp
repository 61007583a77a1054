// What /resolve answered before sources and channels, visit by visit.

#include "domain/core/digest.hpp"
#include "domain/resolve/cascade/resolver.hpp"
#include "tests/domain/resolve/recorded_visits.hpp"

#include <fstream>
#include <sstream>

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
std::string rendered(const attribution_result& what) {
  json_writer out;
  render(out, what, false);
  return std::move(out).str();
}

/// A line of the recording: 16 digits of the answer's digest, the outcome and 4 digits of the
/// referrer's host, or "-".
std::string line_of(const result<attribution_result>& found) {
  if (!found)
    return "refused";
  return short_digest(rendered(*found), 16) + " " + std::string(to_string(found->outcome)) + " " +
         (found->referrer_host ? short_digest(*found->referrer_host, 4) : "-");
}

std::vector<std::string> recording() {
  std::ifstream in(std::string{HEADWATER_SOURCE_DIR} +
                   "/tests/golden/attribution/visits_before_sources.txt");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recorded_answers)

BOOST_AUTO_TEST_CASE(visits_are_answered_as_before_sources_and_channels) {
  const auto before = recording();
  BOOST_REQUIRE(before.size() == test::recorded_visits);
  const rule_set rules(recorded_account().rules());
  visit_recorder visits;
  for (const auto& line : before) {
    const auto visit = visits.next();
    const auto now = line_of(resolve(rules, recorded_platforms(), visit, false));
    BOOST_TEST(now == line, now << " was " << line << ": " << visit.url << " from "
                                << visit.referrer.value_or("-"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
