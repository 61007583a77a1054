#include "domain/json/json_rows.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;

namespace {

/// Notes what it is told as one line.
class notes final : public json_rows {
public:
  explicit notes(std::string list) : list_(std::move(list)) {}

  void reset() override { text.clear(); }
  void member(std::string_view path) override { note("member " + std::string(path)); }
  void twice(std::string_view path) override { note("twice " + std::string(path)); }
  bool begin_list(std::string_view path) override {
    note("list '" + std::string(path) + "'");
    return path == list_;
  }
  void row(draft element, std::size_t line) override {
    auto out = "row on " + std::to_string(line) + ":";
    for (const auto& each : element.members)
      out += " " + each.name;
    for (const auto& each : element.faults)
      out += " " + to_string(each.at) + " " + each.type;
    note(out);
  }
  void value(std::string_view path, const json_item& value) override {
    note("value '" + std::string(path) + "' " + std::to_string(value.index()));
  }

  std::string text;

private:
  void note(const std::string& what) { text += (text.empty() ? "" : "; ") + what; }

  std::string list_;
};

std::string told(std::string_view json, std::string list = "") {
  notes out(std::move(list));
  const auto read = read_json_rows(json, out);
  return read ? out.text : to_string(read.error().code).data() + std::string(" ") + out.text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_rows_reading)

BOOST_AUTO_TEST_CASE(rows_come_with_their_lines) {
  BOOST_TEST(told("[\n {\"a\":1},\n {\n \"b\":[{}],\"c\":{\"d\":{}}\n },{}\n]") ==
             "list ''; row on 2: a; row on 3: b c; row on 5:");
  BOOST_TEST(told("[]") == "list ''");
}

BOOST_AUTO_TEST_CASE(a_list_lies_where_the_reader_says) {
  BOOST_TEST(
      told(R"({"ok":true,"data":{"rows":[{"x":"y"}],"n":[1,[2],{}]},"m":"t"})", "data.rows") ==
      "member ok; value 'ok' 1; member data; member data.rows; list 'data.rows'; "
      "row on 1: x; member data.n; list 'data.n'; value 'data.n' 2; list 'data.n[]'; "
      "value 'data.n[]' 2; member m; value 'm' 4");
}

BOOST_AUTO_TEST_CASE(a_key_that_reads_like_a_path_is_another_one) {
  BOOST_TEST(told(R"({"data.rows":[{}]})", "data.rows") ==
             "member \"data.rows\"; list '\"data.rows\"'");
  BOOST_TEST(told(R"({"":[{}]})") == "member \"\"; list '\"\"'");
  BOOST_TEST(told(R"({"data":[{"rows":[{}]}]})", "data.rows") ==
             "member data; list 'data'; member data[].rows; list 'data[].rows'");
  BOOST_TEST(told(R"({"data[]":{"rows":[{}]}})", "data.rows") ==
             "member \"data[]\"; member \"data[]\".rows; list '\"data[]\".rows'");
}

BOOST_AUTO_TEST_CASE(rows_that_are_no_objects_have_that_fault) {
  BOOST_TEST(told("[1,\n\"x\",\nnull,[{}],\n[\n],true]") ==
             "list ''; row on 1: body dict_type; row on 2: body dict_type; "
             "row on 3: body dict_type; row on 3: body dict_type; row on 4: body dict_type; "
             "row on 5: body dict_type");
  BOOST_TEST(told("7") == "value '' 2");
}

BOOST_AUTO_TEST_CASE(keys_given_twice_are_told_outside_of_rows_and_within) {
  BOOST_TEST(told(R"({"a":1,"a":2})") == "member a; value 'a' 2; twice a; member a; value 'a' 2");
  BOOST_TEST(told(R"([{"a":1,"a":2}])") == "list ''; row on 1: a body.a value_error");
}

BOOST_AUTO_TEST_CASE(numbers_that_need_a_second_reading_keep_the_lines) {
  BOOST_TEST(told("[{\"a\":1},\n{\"a\":1e400},\n{\"b\":2}]") ==
             "list ''; row on 1: a; row on 2: a body.a value_error; row on 3: b");
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_a_bad_request) {
  for (std::string_view text : {"", "[", "[{}", "[{}]x", "{\"a\":}", "[\"\xFF\"]"})
    BOOST_TEST(told(text).starts_with("bad_request"), text);
}

BOOST_AUTO_TEST_SUITE_END()
