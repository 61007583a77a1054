#include "tests/tools/scratch.hpp"
#include "tools/log/diff_report.hpp"

namespace headwater::tools {
namespace {

std::string printed_diff(const std::string& json) {
  const testing::captured_output output;
  print_diff("acme", json);
  return output.out();
}

const std::string none = R"({"added":[],"changed":[],"removed":[]})";

std::string difference(const std::string& referrers, const std::string& mappings,
                       const std::string& settings = R"({"changes":{}})") {
  return R"({"from":{"version":1,"time":"2026-05-20T10:00:00.000000Z"},"to":{"version":3,"time":"2026-05-21T10:00:00.000000Z"},"passthrough_referrers":)" +
         referrers + R"(,"referrer_mappings":)" + mappings + R"(,"attribution":)" + settings + "}";
}

const std::string head = "account acme from version 1 (2026-05-20T10:00:00.000000Z) to version 3 "
                         "(2026-05-21T10:00:00.000000Z)\n";

} // namespace

BOOST_AUTO_TEST_SUITE(diff_report)

BOOST_AUTO_TEST_CASE(rules_that_are_the_same_are_told_as_such) {
  BOOST_TEST(printed_diff(difference(none, none)) ==
             head + "the rules and settings are the same\n");
}

BOOST_AUTO_TEST_CASE(the_past_before_the_first_event_has_no_time) {
  BOOST_TEST(
      printed_diff(
          R"({"from":{"version":0,"time":null},"to":{"version":0,"time":null},"passthrough_referrers":)" +
          none + R"(,"referrer_mappings":)" + none + "}") ==
      "account acme from version 0 (before the first event) to version 0 (before the first "
      "event)\nthe rules and settings are the same\n");
}

BOOST_AUTO_TEST_CASE(what_came_and_went_is_told_with_its_values) {
  const auto rule = [](const std::string& id) {
    return R"([{"id":)" + id +
           R"(,"account_id":"acme","domain":"a.example","utm_source":"a","utm_term":"","service_name":null,"is_active":true,"created_at":"x","updated_at":"y","by":"7","at":"t","version":2}])";
  };
  const auto text = printed_diff(difference(
      R"({"added":)" + rule("1") + R"(,"changed":[],"removed":)" + rule("2") + "}", none));
  BOOST_TEST(text == head + "+ passthrough referrer 1 \"a.example\"  by 7 at t, version 2\n"
                            "    utm_source: \"a\"\n    is_active: true\n"
                            "- passthrough referrer 2 \"a.example\"  by 7 at t, version 2\n"
                            "    utm_source: \"a\"\n    is_active: true\n");
}

BOOST_AUTO_TEST_CASE(what_changed_is_told_from_and_to) {
  const auto text = printed_diff(difference(
      none,
      R"({"added":[],"removed":[],"changed":[{"id":5,"referrer_pattern":"^b\\.","by":"7","by_name":"a\u001b[2J","at":"t","version":3,"changes":{"label":{"from":null,"to":"l"},"priority":{"from":0,"to":10}}}]})"));
  BOOST_TEST(text == head + "~ referrer mapping 5 \"^b\\\\.\"  by 7 (a\\u001b[2J) at t, version 3\n"
                            "    label: null -> \"l\"\n    priority: 0 -> 10\n");
}

BOOST_AUTO_TEST_CASE(settings_that_changed_are_told_from_and_to) {
  const auto text = printed_diff(difference(
      none, none,
      R"({"changes":{"own_domains":{"from":[],"to":["a.example"]},"currency":{"from":null,"to":"EUR"}},"by":"7","at":"t","version":3})"));
  BOOST_TEST(text == head + "~ attribution settings  by 7 at t, version 3\n"
                            "    own_domains: [] -> [\"a.example\"]\n"
                            "    currency: null -> \"EUR\"\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_obeys_nothing_of_a_rule) {
  const auto text = printed_diff(difference(
      R"({"added":[{"id":1,"domain":"\u001b[2J\u007f","utm_source":"\u007f\u001b","by":"\u0007","at":"t","version":2}],"changed":[],"removed":[]})",
      none));
  for (const auto c : text)
    BOOST_TEST((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f')));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
