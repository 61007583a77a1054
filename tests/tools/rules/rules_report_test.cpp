#include "tests/tools/scratch.hpp"
#include "tools/rules/rules_report.hpp"

namespace headwater::tools {
namespace {

struct told {
  bool is_one = false;
  std::string out, err;
};

told import_of(const std::string& body) {
  const testing::captured_output output;
  const auto is_one = report_import({200, body});
  return {is_one, output.out(), output.err()};
}

std::string refusal_of(unsigned status, const std::string& body) {
  const testing::captured_output output;
  report_refusal("rules.csv", {status, body});
  BOOST_TEST(output.out() == "");
  return output.err();
}

const std::vector<std::string> no_answers = {"",
                                             "{",
                                             "null",
                                             "[]",
                                             "7",
                                             R"("data")",
                                             R"({"data":)",
                                             R"({"data":[]})",
                                             R"({"data":null})",
                                             R"({"error":{}})",
                                             R"({"error":"text"})",
                                             std::string(3'000'000, '[')};

} // namespace

BOOST_AUTO_TEST_SUITE(rules_report)

BOOST_AUTO_TEST_CASE(an_import_is_told_in_one_line) {
  const auto got = import_of(
      R"({"data":{"added":2,"changed":1,"removed":0,"unchanged":7,"version":12,"dry_run":false,"preview":{"added":[{}]}}})");
  BOOST_TEST(got.is_one);
  BOOST_TEST(got.out == "2 added, 1 changed, 0 removed, 7 unchanged; version 12\n");
  BOOST_TEST(got.err == "");
}

BOOST_AUTO_TEST_CASE(what_was_read_otherwise_than_written_is_told_on_stderr) {
  const auto got =
      import_of(R"({"data":{"added":1,"changed":0,"removed":0,"unchanged":0,"version":1,
    "dry_run":false},"meta":{"delimiter":"\t","normalised":[{"line":2,"field":"domain",
    "sent":"https://a.example","stored":"a.example","message":"the scheme was cut off"}],
    "normalised_count":3}})");
  BOOST_TEST(got.is_one);
  BOOST_TEST(got.err == "the columns are separated by tabs\n"
                        "line 2: \"https://a.example\" is stored as \"a.example\": the scheme was "
                        "cut off\n"
                        "... and 2 more such rows\n");
  BOOST_TEST(import_of(R"({"data":{"added":1},"meta":{"delimiter":","}})").err == "");
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_rule_by_rule_what_would_change) {
  const auto got = import_of(R"({"data":{"added":3,"changed":1,"removed":1,"unchanged":0,
    "version":4,"dry_run":true,"preview":{
    "added":[{"line":2,"rule":{"domain":"a.example"}},{"line":3,"rule":{"referrer_pattern":"^b\\."}}],
    "changed":[{"line":4,"id":7,"domain":"c.example","changes":{"utm_source":{"from":"x","to":""},"label":{"from":null,"to":"l"}}}],
    "removed":[{"id":9,"domain":"d.example"}]}}})");
  BOOST_TEST(got.is_one);
  BOOST_TEST(got.out == "dry run: 3 added, 1 changed, 1 removed, 0 unchanged; version 4\n"
                        "  + line 2: \"a.example\"\n"
                        "  + line 3: \"^b\\\\.\"\n"
                        "  ... and 1 more\n"
                        "  ~ line 4: rule 7 \"c.example\", utm_source \"x\" -> \"\", label null -> "
                        "\"l\"\n"
                        "  - rule 9 \"d.example\"\n");
}

BOOST_AUTO_TEST_CASE(fields_that_were_ignored_are_named) {
  const auto got = import_of(R"({"data":{"added":1},"meta":{"ignored_fields":["colour","a b"]}})");
  BOOST_TEST(got.out == "1 added, 0 changed, 0 removed, 0 unchanged; version 0\n");
  BOOST_TEST(got.err == "ignored, because no field has such a name: \"colour\" \"a b\"\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_to_an_import_is_told_as_such) {
  for (const auto& body : no_answers) {
    const auto got = import_of(body);
    BOOST_TEST(!got.is_one);
    BOOST_TEST(got.out == "");
    BOOST_TEST(got.err == "headwater: the server's answer is not one of Headwater\n");
  }
}

BOOST_AUTO_TEST_CASE(members_of_other_types_count_as_nothing) {
  const auto got = import_of(
      R"({"data":{"added":"2","changed":1.5,"removed":null,"unchanged":{},"version":[],"dry_run":true,
      "preview":{"added":[7,null,{"rule":8}],"changed":[{"changes":[1]},"x"],"removed":"all"}},"meta":[]})");
  BOOST_TEST(got.is_one);
  BOOST_TEST(got.out == "dry run: 0 added, 0 changed, 0 removed, 0 unchanged; version 0\n"
                        "  + line 0: null\n  + line 0: null\n  + line 0: null\n"
                        "  ~ line 0: rule 0 null\n  ~ line 0: rule 0 null\n");
}

BOOST_AUTO_TEST_CASE(a_refusal_names_each_fault_by_its_line) {
  BOOST_TEST(refusal_of(422, R"({"error":{"message":"bad","fault_count":3,"detail":[
        {"line":3,"field":"body[1].domain","message":"is missing"},
        {"field":"body","message":"is too long"}]}})") ==
             "rules.csv:3: body[1].domain: is missing\nrules.csv: body: is too long\n"
             "headwater: nothing was imported: 3 faults, the first 2 above\n");
  BOOST_TEST(refusal_of(422, R"({"error":{"fault_count":1,"detail":[{"line":9}]}})") ==
             "rules.csv:9: null: null\nheadwater: nothing was imported: 1 fault\n");
}

BOOST_AUTO_TEST_CASE(a_refusal_without_faults_is_one_line) {
  BOOST_TEST(refusal_of(403, R"({"error":{"code":"forbidden","message":"needs write"}})") ==
             "headwater: the server answered 403: needs write\n");
  for (const auto& body : no_answers)
    if (!body.starts_with(R"({"error":{)"))
      BOOST_TEST(refusal_of(502, body) == "headwater: the server answered 502\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_obeys_nothing_that_a_server_says) {
  const auto got = import_of(R"({"data":{"dry_run":true,"preview":{
    "added":[{"rule":{"domain":"\u001b[2J\u007f"}}],
    "changed":[{"domain":"d","changes":{"\u001b[31m":{"from":"\u007f","to":"\u0007"}}}]}},
    "meta":{"ignored_fields":["\u007f\u001b"]}})");
  const auto refused = refusal_of(
      422,
      R"({"error":{"message":"\u001b","fault_count":0,"detail":[{"field":"\u007f","message":"\r"}]}})");
  for (const auto& text : {got.out, got.err, refused})
    for (const auto c : text)
      BOOST_TEST((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f')), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
