#include "domain/core/copy_on_write.hpp"
#include "domain/core/text.hpp"
#include "domain/json/json_writer.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace headwater;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(code_points_are_counted_not_bytes) {
  BOOST_TEST(code_points("") == 0U);
  BOOST_TEST(code_points("abc") == 3U);
  BOOST_TEST(code_points("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") == 3U);
}

BOOST_AUTO_TEST_CASE(blank_ends_are_trimmed) {
  BOOST_TEST(trimmed(" \t a b\r\n") == "a b");
  BOOST_TEST(trimmed(" \n ") == "");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_become_replacement_characters) {
  BOOST_TEST(to_valid_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  BOOST_TEST(to_valid_utf8("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(to_valid_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(to_valid_utf8("\xF0\x9F\x98\x80\xC3\xA4") == "\xF0\x9F\x98\x80\xC3\xA4");
}

BOOST_AUTO_TEST_CASE(percent_escapes_are_decoded_and_broken_ones_stay) {
  BOOST_TEST(percent_decoded("a%20b+c", true) == "a b c");
  BOOST_TEST(percent_decoded("a+b", false) == "a+b");
  BOOST_TEST(percent_decoded("%", true) == "%");
  BOOST_TEST(percent_decoded("%4", true) == "%4");
  BOOST_TEST(percent_decoded("%zz%41%c3%A4", true) == "%zzA\xC3\xA4");
}

BOOST_AUTO_TEST_CASE(prefixes_are_found_in_any_case) {
  BOOST_TEST(starts_with_nocase("HTTPS://x", "https://"));
  BOOST_TEST(!starts_with_nocase("http", "http://"));
  BOOST_TEST(equals_nocase("Text/CSV", "text/csv"));
  BOOST_TEST(!equals_nocase("text/csv", "text/css"));
  BOOST_TEST(!equals_nocase("text", "text/csv"));
  BOOST_TEST(!equals_nocase("[", "{")); // 32 apart, as letters are
}

BOOST_AUTO_TEST_CASE(what_a_json_string_holds_as_it_is_ends_at_the_first_byte_to_escape) {
  // Every byte at every place within and behind a word of eight.
  for (std::size_t size = 0; size <= 19; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        const bool is_escaped = byte < 0x20 || byte == '"' || byte == '\\';
        BOOST_REQUIRE_EQUAL(unescaped_prefix(text), is_escaped ? at : size);
        const bool is_control = byte < 0x20 || byte == 0x7f;
        BOOST_REQUIRE_EQUAL(prefix_without_controls(text), is_control ? at : size);
        BOOST_REQUIRE_EQUAL(is_ascii(text), byte < 0x80);
        BOOST_REQUIRE_EQUAL(is_valid_utf8(text), byte < 0x80);
      }
  BOOST_TEST(unescaped_prefix("\x1F\x80\xFF\"") == 0U);
  BOOST_TEST(unescaped_prefix("\x80\xFF !#[]\x7F\"") == 8U);
}

BOOST_AUTO_TEST_CASE(utf8_is_valid_where_nothing_of_it_is_replaced) {
  for (const std::string text :
       {"", "plain ascii", "\xC3\xA4", "eight888\xF0\x9F\x98\x80", "a\xFFz", "\xE2\x82",
        "\xED\xA0\x80", "\xC0\xAF", "\xF4\x90\x80\x80", "\xEF\xBF\xBD", "eight888\x80"})
    BOOST_TEST(is_valid_utf8(text) == (to_valid_utf8(text) == text), text);
}

BOOST_AUTO_TEST_CASE(texts_follow_each_other_as_lines) {
  json_writer out;
  out.begin_object().member("a", "\"1\"").end_object().end_line();
  out.begin_array().integer(1).integer(2).end_array().end_line();
  BOOST_TEST(out.view() == "{\"a\":\"\\\"1\\\"\"}\n[1,2]\n");
  out.clear();
  out.integer(3).end_line();
  BOOST_TEST(out.view() == "3\n");
}

BOOST_AUTO_TEST_CASE(a_shared_value_is_copied_by_the_one_who_changes_it) {
  copy_on_write<std::vector<int>> first;
  first.edit().push_back(1);
  const auto* alone = &*first;
  first.edit().push_back(2);
  BOOST_TEST(&*first == alone);
  auto second = first;
  BOOST_TEST(&*second == alone);
  second.edit().push_back(3);
  BOOST_TEST(first->size() == 2U);
  BOOST_TEST(second->size() == 3U);
  BOOST_TEST(&*first == alone);
}

BOOST_AUTO_TEST_SUITE_END()
