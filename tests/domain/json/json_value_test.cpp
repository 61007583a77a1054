#include "domain/json/json_number.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/json/json_value.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;

namespace {

const json_value& value_of(const draft& from, std::string_view name) {
  const auto* found = from.find(name);
  BOOST_REQUIRE_MESSAGE(found, "no member " << name);
  return *found;
}

draft parsed(std::string_view json) {
  auto read = parse_draft(json);
  BOOST_REQUIRE_MESSAGE(read, json << ": " << (read ? "" : read.error().message));
  return std::move(*read);
}

void check_bad_request(std::string_view json, std::string_view mention) {
  const auto read = parse_draft(json);
  BOOST_REQUIRE_MESSAGE(!read, "accepted: " << json.substr(0, 80));
  const auto error = read.error();
  BOOST_TEST((error.code == errc::bad_request));
  BOOST_TEST_CONTEXT(json.substr(0, 80) << " -> " << error.message)
  BOOST_TEST(error.message.find(mention) != std::string::npos);
}

std::string nested(int depth) {
  return R"({"a":)" + std::string(static_cast<std::size_t>(depth - 1), '[') +
         std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_drafts)

BOOST_AUTO_TEST_CASE(json_has_four_blanks) {
  BOOST_TEST(without_json_blanks(" \t\r\n{ \v} \n\r\t") == "{ \v}");
  BOOST_TEST(without_json_blanks(" \r\n\t") == "");
  BOOST_TEST(without_json_blanks("") == "");
  for (std::string_view other : {"\v", "\f", "\xC2\xA0", "\xE2\x80\xA8", "\x1F"})
    BOOST_TEST(without_json_blanks(other) == other);
  BOOST_TEST(without_json_blanks({"\0", 1}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(memory_counts_what_short_items_and_long_texts_take) {
  BOOST_TEST(memory_of(draft{}) == 0U);
  BOOST_TEST(memory_of(parsed(R"({"a":1})")) == sizeof(draft::member));
  std::string items = R"({"a":[1)";
  for (int i = 1; i < 1'000; ++i)
    items += ",1";
  BOOST_TEST(memory_of(parsed(items + "]}")) >= 1'000 * sizeof(json_item) + sizeof(draft::member));
  const std::string text(1'000, 'x');
  for (const auto& json : {R"({"a":")" + text + R"("})", R"({"a":[")" + text + R"("]})",
                           R"({")" + text + R"(":1})", R"({"a":1.)" + text + "}"}) {
    auto filled = json;
    std::ranges::replace(filled, 'x', '1');
    BOOST_TEST(memory_of(parsed(filled)) > text.size(), json.substr(0, 9));
  }
}

BOOST_AUTO_TEST_CASE(values_keep_their_types_and_order) {
  const auto read =
      parsed(R"({"n":null,"t":true,"i":-7,"d":1.5,"s":"x","l":["a",1],"o":{"k":[1]}})");
  BOOST_TEST(read.members.size() == 7U);
  BOOST_TEST(read.members[5].name == "l");
  BOOST_TEST((value_of(read, "n") == json_value(json_null{})));
  BOOST_TEST((value_of(read, "t") == json_value(true)));
  BOOST_TEST((value_of(read, "i") == json_value(std::int64_t{-7})));
  BOOST_TEST((value_of(read, "d") == json_value(json_number{"1.5"})));
  BOOST_TEST((value_of(read, "s") == json_value(std::string("x"))));
  BOOST_TEST((value_of(read, "l") == json_value(json_list{{std::string("a"), std::int64_t{1}}})));
  BOOST_TEST((value_of(read, "o") == json_value(json_nested{})));
  BOOST_TEST(read.faults.empty());
}

BOOST_AUTO_TEST_CASE(a_list_keeps_its_own_items_only) {
  const auto read = parsed(R"({"l":[1,[2,3],{"x":4},5]})");
  BOOST_TEST((value_of(read, "l") == json_value(json_list{{std::int64_t{1}, json_nested{},
                                                           json_nested{}, std::int64_t{5}}})));
}

BOOST_AUTO_TEST_CASE(numbers_without_fraction_are_integers) {
  const std::pair<std::string_view, std::int64_t> cases[] = {
      {"100", 100},
      {"100.0", 100},
      {"1e2", 100},
      {"1E+2", 100},
      {"10.0e1", 100},
      {"1000e-1", 100},
      {"-0", 0},
      {"0e400", 0},
      {"0.0e-999", 0},
      {"-0.5e1", -5},
      {"0.00001e5", 1},
      {"12.50e1", 125},
      {"9223372036854775807", 9223372036854775807LL},
      {"-9223372036854775808", -9223372036854775807LL - 1}};
  for (const auto& [text, value] : cases) {
    const auto read = parsed(R"({"v":)" + std::string(text) + "}");
    BOOST_TEST_CONTEXT(text)
    BOOST_TEST((value_of(read, "v") == json_value(value)));
    BOOST_TEST(read.faults.empty());
  }
}

BOOST_AUTO_TEST_CASE(other_numbers_keep_their_text) {
  for (std::string_view text : {"1.5", "0.1", "1e-1", "9223372036854775808", "-9223372036854775809",
                                "1e30", "1e-400", "12.505e2", "1e308"}) {
    const auto read = parsed(R"({"v":)" + std::string(text) + "}");
    BOOST_TEST_CONTEXT(text)
    BOOST_TEST((value_of(read, "v") == json_value(json_number{std::string(text)})));
    BOOST_TEST(read.faults.empty());
  }
}

BOOST_AUTO_TEST_CASE(integral_is_told_from_fractional_however_large) {
  for (std::string_view text : {"0", "1e300", "123456789012345678901234567890", "1.5e1", "-2.50e1"})
    BOOST_TEST(is_integral(text), text);
  for (std::string_view text : {"1.5", "1e-1", "123456789012345678901234567890.5", "0.1e0"})
    BOOST_TEST(!is_integral(text), text);
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_a_bad_request_with_its_offset) {
  check_bad_request("", "at byte 0");
  check_bad_request("   ", "at byte 3");
  check_bad_request("{", "at byte 1");
  check_bad_request(R"({"a":1)", "at byte 6");
  check_bad_request(R"({"a":1,})", "at byte 7");
  check_bad_request(R"({"a":01})", "at byte 6");
  check_bad_request(R"({'a':1})", "at byte 1");
  check_bad_request(R"({"a":NaN})", "at byte 5");
  check_bad_request(R"({"a":1} x)", "at byte 8");
  check_bad_request(R"({"a":1}{})", "at byte 7");
  check_bad_request(std::string_view("{}\0", 3), "at byte 2");
  check_bad_request(std::string_view("\0", 1), "at byte 0");
  check_bad_request("{\"a\":\"\n\"}", "not valid JSON");
  check_bad_request("// no comments\n{}", "at byte 0");
  check_bad_request("[1,\n 2,\n x]", "at byte 9, line 3)");
}

BOOST_AUTO_TEST_CASE(text_must_be_utf8_without_a_byte_order_mark) {
  check_bad_request("\xEF\xBB\xBF{}", "byte order mark");
  check_bad_request("{\"a\":\"\xFF\"}", "not valid JSON");
  check_bad_request("{\"a\":\"\xC0\x80\"}", "not valid JSON");     // overlong NUL
  check_bad_request("{\"a\":\"\xED\xA0\x80\"}", "not valid JSON"); // a surrogate in UTF-8
  check_bad_request("{\"a\":\"\xE2\x82\"}", "not valid JSON");
  check_bad_request(R"({"a":"\ud800"})", "not valid JSON");
  check_bad_request(R"({"a":"\udc00"})", "lone surrogate");
  check_bad_request(R"({"\udc00":1})", "lone surrogate");
  const auto read = parsed(R"({"a":"\ud83d\ude00 \u0000"})");
  BOOST_TEST((value_of(read, "a") == json_value(std::string("\xF0\x9F\x98\x80 \0", 6))));
}

BOOST_AUTO_TEST_CASE(ascii_is_read_as_it_is_beside_other_text) {
  for (const std::string value :
       {R"("\u00e4\ud83d\ude00\/")", R"("\ud83d")", R"("\udc00")", R"("\x")", R"("\u12")",
        "\"\x7F\"", "\"\t\"", "1e400", "-0.0e-7", "01", "[1,]", "{\"a\":1,}", "nul", "\"", "[[]"}) {
    const auto alone = parse_draft("{\"a\":" + value + "}");
    const auto beside = parse_draft("{\"a\":" + value + ",\"b\":\"\xC3\xA4\"}");
    BOOST_TEST_CONTEXT(value) {
      BOOST_REQUIRE_EQUAL(alone.has_value(), beside.has_value());
      if (alone)
        BOOST_TEST((value_of(*alone, "a") == value_of(*beside, "a")));
    }
  }
}

BOOST_AUTO_TEST_CASE(depth_32_is_read_and_33_is_not) {
  BOOST_TEST(parse_draft(nested(32)).has_value());
  check_bad_request(nested(33), "32 levels");
  check_bad_request(R"({"a":)" + std::string(1'000'000, '['), "32 levels");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_object_is_one_fault) {
  for (std::string_view json : {"[]", "null", "5", "\"x\"", R"([{"a":1,"a":2}])", "[1e400]"}) {
    const auto read = parsed(json);
    BOOST_TEST_CONTEXT(json)
    BOOST_TEST((read.faults ==
                std::vector<fault>{{{"body"}, "Input should be a valid object", "dict_type"}}));
    BOOST_TEST(read.members.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_key_given_twice_is_a_fault_and_the_first_value_stays) {
  const auto read = parsed(R"({"a":1,"a":[2],"b":3,"\u0061":4,"o":{"x":1,"x":2}})");
  BOOST_REQUIRE(read.faults.size() == 2U);
  BOOST_TEST(to_string(read.faults[0].at) == "body.a");
  BOOST_TEST(to_string(read.faults[1].at) == "body.o.x");
  BOOST_TEST((value_of(read, "a") == json_value(std::int64_t{1})));
  BOOST_TEST((value_of(read, "b") == json_value(std::int64_t{3})));
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_are_faults_that_name_their_field) {
  const auto read = parsed(R"({"a":1e400,"b":{"c":[-1e400]},"d":"1e400","e":2,"f":[1e309]})");
  std::vector<std::string> fields;
  for (const auto& each : read.faults)
    fields.push_back(to_string(each.at));
  BOOST_TEST((fields == std::vector<std::string>{"body.a", "body.b", "body.f"}));
  BOOST_TEST((value_of(read, "d") == json_value(std::string("1e400"))));
  BOOST_TEST((value_of(read, "e") == json_value(std::int64_t{2})));
}

BOOST_AUTO_TEST_CASE(numbers_that_only_look_too_large_are_fine) {
  const std::string digits(400, '9');
  BOOST_TEST(parsed(R"({"v":0e400})").faults.empty());
  BOOST_TEST(parsed(R"({"v":1)" + std::string(350, '0') + "e-100}").faults.empty());
  BOOST_TEST(parsed(R"({"v":0.)" + std::string(350, '0') + "1e400}").faults.empty());
  BOOST_TEST(parsed(R"({"v":)" + digits + "}").faults.size() == 1U);
  BOOST_TEST(parsed(R"({"v":-)" + digits + ".5}").faults.size() == 1U);
  BOOST_TEST(parsed(R"({"v":1.7976931348623157e308})").faults.empty());
  BOOST_TEST(parsed(R"({"v":1.8e308})").faults.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_large_number_does_not_hide_what_is_malformed) {
  check_bad_request(R"({"a":1e400,})", "not valid JSON");
  check_bad_request(R"({"a":1e400-5})", "not valid JSON");
  check_bad_request(R"({"a":1e400 "b":2})", "not valid JSON");
  check_bad_request(R"({"a":1e400)", "not valid JSON");
}

BOOST_AUTO_TEST_SUITE_END()
