#include "domain/json/fields.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace {

struct sample {
  std::int64_t id = 0;
  std::string name;
  std::string mode = "soft";
  std::optional<std::string> note;
  std::int64_t weight = 5;
  bool is_on = true;
  std::vector<std::int64_t> numbers;
  std::vector<std::string> words;
  std::string secret;
  headwater::micros created_at = 0;
};

} // namespace

namespace headwater {

template <>
field_table<sample> fields_of<sample>() {
  static constexpr std::array<std::string_view, 3> modes{"soft", "hard", "none"};
  static constexpr std::array table{
      bind<&sample::id>({.name = "id", .kind = field_kind::integer, .read_only = true}),
      bind_owner<sample>({.name = "account_id", .read_only = true}),
      bind<&sample::name>({.name = "name", .min = 1, .max = 5, .required = true}),
      bind<&sample::mode>({.name = "mode", .choices = modes}),
      bind<&sample::note>(
          {.name = "note", .max = 10, .nullable = true, .text = text_rule::multiline}),
      bind<&sample::weight>({.name = "weight", .kind = field_kind::integer, .max = 1000}),
      bind<&sample::is_on>({.name = "is_on", .kind = field_kind::boolean}),
      bind<&sample::numbers>({.name = "numbers", .kind = field_kind::integer_list, .max = 3}),
      bind<&sample::words>({.name = "words", .kind = field_kind::string_list, .choices = modes}),
      bind<&sample::secret>({.name = "secret", .create_only = true, .write_only = true}),
      bind_time<&sample::created_at>({.name = "created_at", .read_only = true}),
  };
  return table;
}

} // namespace headwater

using namespace headwater;

namespace {

struct outcome {
  sample value;
  std::vector<std::string> ignored;
  std::vector<std::string> faults; // "field: type"
};

outcome read(std::string_view json, read_mode mode, bool strict = false, sample value = {}) {
  auto body = parse_draft(json);
  BOOST_REQUIRE(body);
  auto report = read_draft(*body, mode, strict, value);
  check_limits(value, report);
  outcome found{value, report.ignored_fields, {}};
  if (auto good = verdict<sample>(report); !good)
    for (const auto& each : good.error().faults)
      found.faults.push_back(to_string(each.at) + ": " + each.type);
  return found;
}

std::string first_fault(std::string_view json, read_mode mode = read_mode::create) {
  const auto found = read(json, mode).faults;
  return found.empty() ? "" : found.front();
}

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(every_kind_of_fault_has_its_word) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", "body.name: missing"},
      {R"({"name":null})", "body.name: string_type"},
      {R"({"name":5})", "body.name: string_type"},
      {R"({"name":["a"]})", "body.name: string_type"},
      {R"({"name":{}})", "body.name: string_type"},
      {R"({"name":""})", "body.name: string_too_short"},
      {R"({"name":"sixsix"})", "body.name: string_too_long"},
      {R"({"name":"a\u0000"})", "body.name: value_error"},
      {R"({"name":"a\tb"})", "body.name: value_error"},
      {R"({"name":"a\u007f"})", "body.name: value_error"},
      {R"({"name":"a\u0085"})", "body.name: value_error"},
      {R"({"name":"a","mode":"warm"})", "body.mode: enum"},
      {R"({"name":"a","mode":""})", "body.mode: enum"},
      {R"({"name":"a","weight":"5"})", "body.weight: int_type"},
      {R"({"name":"a","weight":true})", "body.weight: int_type"},
      {R"({"name":"a","weight":1.5})", "body.weight: int_from_float"},
      {R"({"name":"a","weight":-1})", "body.weight: greater_than_equal"},
      {R"({"name":"a","weight":1001})", "body.weight: less_than_equal"},
      {R"({"name":"a","weight":1e30})", "body.weight: less_than_equal"},
      {R"({"name":"a","weight":-1e30})", "body.weight: greater_than_equal"},
      {R"({"name":"a","weight":1e400})", "body.weight: value_error"},
      {R"({"name":"a","is_on":1})", "body.is_on: bool_type"},
      {R"({"name":"a","is_on":"true"})", "body.is_on: bool_type"},
      {R"({"name":"a","note":5})", "body.note: string_type"},
      {R"({"name":"a","note":"12345678901"})", "body.note: string_too_long"},
      {R"({"name":"a","note":"\u0001"})", "body.note: value_error"},
      {R"({"name":"a","numbers":5})", "body.numbers: list_type"},
      {R"({"name":"a","numbers":[1,"2"]})", "body.numbers[1]: int_type"},
      {R"({"name":"a","numbers":[1.5]})", "body.numbers[0]: int_from_float"},
      {R"({"name":"a","numbers":[1,2,3,4]})", "body.numbers: too_long"},
      {R"({"name":"a","words":["soft","x"]})", "body.words[1]: enum"},
      {R"({"name":"a","words":[["soft"]]})", "body.words[0]: string_type"},
      {R"({"name":"a","name":"b"})", "body.name: value_error"},
      {R"([])", "body: dict_type"},
  };
  for (const auto& [json, expected] : cases)
    BOOST_TEST_CONTEXT(json)
  BOOST_TEST(first_fault(json) == expected);
}

BOOST_AUTO_TEST_CASE(what_suits_every_limit_is_taken_over) {
  const auto found = read(R"({"name":"\u00e4\u00f6\u00fc\u20ac\ud83d\ude00","mode":"hard",
      "note":"a\r\n\tb","weight":1e2,"is_on":false,"numbers":[3,1],"words":["none"]})",
                          read_mode::create);
  BOOST_TEST(found.faults == names{}, boost::test_tools::per_element());
  BOOST_TEST(found.value.mode == "hard");
  BOOST_TEST(found.value.note.value() == "a\r\n\tb");
  BOOST_TEST(found.value.weight == 100);
  BOOST_TEST(!found.value.is_on);
  BOOST_TEST((found.value.numbers == std::vector<std::int64_t>{3, 1}));
  BOOST_TEST((found.value.words == names{"none"}));
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once_in_the_order_of_the_table) {
  const auto found = read(R"({"is_on":0,"x":1,"weight":-1,"mode":"?"})", read_mode::create, true);
  BOOST_TEST(found.faults ==
                 (names{"body.name: missing", "body.mode: enum", "body.weight: greater_than_equal",
                        "body.is_on: bool_type", "body.x: extra_forbidden"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object_has_that_fault_alone) {
  BOOST_TEST(read("[1]", read_mode::create).faults == names{"body: dict_type"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_named_and_read_only_ones_are_not) {
  const auto found = read(R"({"name":"a","zz":1,"id":9,"account_id":"x","created_at":5,"yy":{}})",
                          read_mode::create);
  BOOST_TEST(found.faults.empty());
  BOOST_TEST(found.ignored == (names{"zz", "yy"}), boost::test_tools::per_element());
  BOOST_TEST(found.value.id == 0);
  BOOST_TEST(read(R"({"name":"a","id":"nine","created_at":null})", read_mode::create, true)
                 .faults.empty());
}

BOOST_AUTO_TEST_CASE(a_hundred_unknown_fields_are_named_each_once_by_128_bytes) {
  const std::string shown = std::string(128, 'k') + "...";
  std::string body = R"({"name":"a")";
  for (const auto length : {1000, 999})
    body += R"(,")" + std::string(static_cast<std::size_t>(length), 'k') + R"(":1)";
  for (int i = 0; i < 150; ++i)
    body += R"(,"a)" + std::to_string(i) + R"(":)" + std::to_string(i);
  body += "}";
  const auto found = read(body, read_mode::create);
  BOOST_REQUIRE(found.ignored.size() == max_told_faults);
  BOOST_TEST((found.ignored[0] == shown && found.ignored[1] == "a0" && found.ignored[99] == "a98"));
  const auto refused = read(body, read_mode::create, true);
  BOOST_TEST(refused.ignored.empty());
  BOOST_REQUIRE(refused.faults.size() == max_told_faults);
  BOOST_TEST(refused.faults[0] == "body." + shown + ": extra_forbidden");
}

BOOST_AUTO_TEST_CASE(patch_leaves_what_is_absent_or_null) {
  sample before;
  before.name = "abc";
  before.note = "kept";
  before.secret = "old";
  const auto found = read(R"({"name":null,"mode":null,"weight":null,"is_on":null,"numbers":null,
      "secret":"new"})",
                          read_mode::patch, false, before);
  BOOST_TEST(found.faults.empty());
  BOOST_TEST(found.value.name == "abc");
  BOOST_TEST(found.value.note.value() == "kept");
  BOOST_TEST(found.value.secret == "old"); // create_only
  const auto reset = read(R"({"note":null})", read_mode::patch, false, before);
  BOOST_TEST(!reset.value.note.has_value());
}

BOOST_AUTO_TEST_CASE(null_on_create_is_not_given_unless_the_field_is_required) {
  const auto found = read(R"({"name":"a","mode":null,"weight":null,"is_on":null,"numbers":null,
      "words":null,"secret":null,"note":null})",
                          read_mode::create);
  BOOST_TEST(found.faults.empty());
  const sample fresh;
  BOOST_TEST(found.value.weight == fresh.weight);
  BOOST_TEST(found.value.is_on == fresh.is_on);
  BOOST_TEST(!found.value.note.has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_string_is_a_value) {
  sample before;
  before.name = "abc";
  before.note = "x";
  const auto found = read(R"({"note":""})", read_mode::patch, false, before);
  BOOST_TEST(found.value.note.value() == "");
  BOOST_TEST(read(R"({"name":""})", read_mode::patch, false, before).faults ==
                 names{"body.name: string_too_short"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_resource_is_written_in_the_order_of_the_table) {
  sample value;
  value.id = 7;
  value.name = "a\"b";
  value.numbers = {1, 2};
  value.secret = "never";
  value.created_at = 1'736'071'200'999'999;
  json_writer out;
  write_resource(out, value, "acme");
  BOOST_TEST(out.view() ==
             R"({"id":7,"account_id":"acme","name":"a\"b","mode":"soft","note":null,"weight":5,)"
             R"("is_on":true,"numbers":[1,2],"words":[],"created_at":"2025-01-05T10:00:00Z"})");
}

BOOST_AUTO_TEST_CASE(defaults_are_those_of_a_fresh_resource) {
  names found;
  for (const auto& each : fields_of<sample>())
    found.push_back(default_json(each));
  BOOST_TEST(found == (names{"", "", "", "\"soft\"", "null", "5", "true", "[]", "[]", "\"\"", ""}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_payload_is_read_back_and_anything_else_is_corrupt) {
  static constexpr std::array<std::string_view, 4> members{"created_at", "id", "mode", "note"};
  sample value;
  value.id = 3;
  value.mode = "hard";
  value.created_at = 12;
  json_writer out;
  write_payload(out, value, members);
  BOOST_TEST(out.view() == R"({"created_at":12,"id":3,"mode":"hard","note":null})");
  const auto back = read_payload<sample>(out.view(), members);
  BOOST_REQUIRE(back);
  BOOST_TEST(back->created_at == 12);
  BOOST_TEST(back->mode == "hard");
  for (std::string_view bad : {R"({"created_at":12,"id":3,"mode":"hard"})", R"({"id":3})", "[]", "",
                               R"({"created_at":12,"id":3,"mode":"hard","note":null,"x":1})",
                               R"({"created_at":12,"id":"3","mode":"hard","note":null})",
                               R"({"created_at":12,"id":3,"mode":"odd","note":null})",
                               R"({"created_at":12,"id":3,"id":3,"mode":"hard","note":null})"}) {
    const auto read = read_payload<sample>(bad, members);
    BOOST_TEST_CONTEXT(bad)
    BOOST_TEST((!read && read.error().code == errc::corrupt_log));
  }
}

BOOST_AUTO_TEST_SUITE_END()
