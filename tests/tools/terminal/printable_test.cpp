#include "tools/terminal/printable.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::tools {

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(letters_of_all_languages_stay) {
  for (const char* text : {"", "plain \\ \"text\" ~", "\u00A0\u00E4\u00FF\u0606",
                           "\u4F60\u597D \u0939\u093F \u05D0\u05D1", "\U0001F600", "\uFFFD\uE000"})
    BOOST_TEST(printable(text) == text);
}

BOOST_AUTO_TEST_CASE(control_characters_are_escaped) {
  using namespace std::string_view_literals;
  BOOST_TEST(printable("\0\x1b[31m\r\n\t\x7f"sv) ==
             "\\u0000\\u001b[31m\\u000d\\u000a\\u0009\\u007f");
  BOOST_TEST(printable("\u0080\u009b31m\u009f") == "\\u0080\\u009b31m\\u009f");
}

BOOST_AUTO_TEST_CASE(what_turns_or_hides_letters_is_escaped) {
  BOOST_TEST(printable("user\u202Egnp.exe") == "user\\u202egnp.exe");
  BOOST_TEST(printable("\u00AD\u061C\u200B\u200D\u200E\u200F\u202A\u202D") ==
             "\\u00ad\\u061c\\u200b\\u200d\\u200e\\u200f\\u202a\\u202d");
  BOOST_TEST(printable("\u2028\u2029\u2060\u2066\u2069\uFEFF\uFFF9") ==
             "\\u2028\\u2029\\u2060\\u2066\\u2069\\ufeff\\ufff9");
  BOOST_TEST(printable("\U000E0001\U000E0041\U0001D173") ==
             "\\udb40\\udc01\\udb40\\udc41\\ud834\\udd73");
  BOOST_TEST(printable("\u200A\u2010\u2027\u202F\u205F\u2070") ==
             "\u200A\u2010\u2027\u202F\u205F\u2070"); // their neighbours
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_shown_as_such) {
  BOOST_TEST(printable("a\x9b\xC3") == "a\uFFFD\uFFFD");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
