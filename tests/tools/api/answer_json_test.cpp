#include "tools/api/answer_json.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::tools {

BOOST_AUTO_TEST_SUITE(answer_json)

BOOST_AUTO_TEST_CASE(what_is_no_json_is_null) {
  for (const auto* body : {"", " ", "{", R"({"data":)", R"({"data":{}} x)", "<html></html>", "nul",
                           R"({"data":"unterminated)", "\xEF\xBB\xBF", "[1,]"})
    BOOST_TEST(parsed_answer(body).IsNull(), body);
  BOOST_TEST(parsed_answer(R"({"data":{}})").IsObject());
}

BOOST_AUTO_TEST_CASE(what_is_nested_without_end_is_null) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  BOOST_TEST(parsed_answer(nested(64)).IsArray());
  BOOST_TEST(parsed_answer(nested(65)).IsNull());
  BOOST_TEST(parsed_answer(nested(5'000'000)).IsNull());
  BOOST_TEST(parsed_answer(std::string(5'000'000, '[')).IsNull());
}

BOOST_AUTO_TEST_CASE(brackets_in_texts_are_no_levels) {
  const std::string pattern(100, '[');
  const auto flat = parsed_answer(R"(["\")" + pattern + R"(\\",")" + pattern + R"("])");
  BOOST_REQUIRE(flat.IsArray());
  BOOST_TEST(text_of(flat[0]) == "\"" + pattern + "\\");
}

BOOST_AUTO_TEST_CASE(a_member_that_is_not_there_is_null) {
  const auto document = parsed_answer(R"({"a":{"b":1},"c":[1]})");
  BOOST_TEST(member(member(document, "a"), "b").GetInt() == 1);
  BOOST_TEST(member(document, "b").IsNull());
  BOOST_TEST(member(member(document, "c"), "b").IsNull());
  BOOST_TEST(member(member(member(document, "x"), "y"), "z").IsNull());
}

BOOST_AUTO_TEST_CASE(values_of_any_kind_have_a_text) {
  const auto document = parsed_answer(R"(["a\u0000b", null, 1.5, {"x":[true]}, ""])");
  BOOST_TEST(text_of(document[0]) == std::string("a\0b", 3));
  BOOST_TEST(text_of(document[1]) == "null");
  BOOST_TEST(text_of(document[2]) == "1.5");
  BOOST_TEST(text_of(document[3]) == R"({"x":[true]})");
  BOOST_TEST(quoted(document[4]) == R"("")");
  BOOST_TEST(quoted(document[1]) == "null");
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_no_control_characters) {
  const auto document = parsed_answer(R"(["\u001b]0;title\u0007"])");
  BOOST_TEST(shown(document[0]) == "\\u001b]0;title\\u0007");
}

BOOST_AUTO_TEST_CASE(a_count_that_is_none_is_0) {
  const auto document = parsed_answer(R"([7, -7, 1.0, "7", null, 9223372036854775808, [7]])");
  BOOST_TEST(number_of(document[0]) == 7);
  BOOST_TEST(number_of(document[1]) == -7);
  for (rapidjson::SizeType i = 2; i < document.Size(); ++i)
    BOOST_TEST(number_of(document[i]) == 0, i);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
