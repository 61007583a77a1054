#include "domain/core/csv.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;

namespace {

/// Records as "line: [a] [b]", quoted fields in quotes.
std::string told(std::string_view text) {
  csv_reader reader(text);
  std::vector<csv_field> record;
  std::string out;
  for (;;) {
    const auto more = reader.next(record);
    if (!more)
      return out + "! " + more.error().message;
    if (!*more)
      return out;
    out += std::to_string(reader.line()) + ":";
    for (const auto& each : record)
      out += each.is_quoted ? " \"" + each.text + "\"" : " [" + each.text + "]";
    out += "; ";
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(records_end_with_any_line_end_and_blank_lines_are_skipped) {
  BOOST_TEST(told("a,b\r\nc,d\ne,f\rg,h") == "1: [a] [b]; 2: [c] [d]; 3: [e] [f]; 4: [g] [h]; ");
  BOOST_TEST(told("\r\n\na,\n\r\n,b\n\n") == "3: [a] []; 5: [] [b]; ");
  BOOST_TEST(told("").empty());
  BOOST_TEST(told("\xEF\xBB\xBF"
                  "a") == "1: [a]; ");
}

BOOST_AUTO_TEST_CASE(quoted_fields_hold_anything_and_count_their_lines) {
  BOOST_TEST(told("\"a,\"\"b\"\"\",\"x\r\ny\nz\rw\",\"\"\nnext") ==
             "1: \"a,\"b\"\" \"x\r\ny\nz\rw\" \"\"; 5: [next]; ");
  BOOST_TEST(told("\"\"\"\"") == "1: \"\"\"; ");
}

BOOST_AUTO_TEST_CASE(what_is_no_csv_names_its_line) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {"a\n\"open\nand on",
       "1: [a]; ! The body is not valid CSV: a quote that is never closed (line 2)"},
      {"a\n\"b\"c",
       "1: [a]; ! The body is not valid CSV: a character behind a closing quote (line 2)"},
      {"a\"b",
       "! The body is not valid CSV: a quote inside a field that does not begin with one (line 1)"},
      {"a\n\n\xFF", "1: [a]; ! The body is not valid CSV: bytes that are not UTF-8 (line 3)"},
      {"\xED\xA0\x80", "! The body is not valid CSV: bytes that are not UTF-8 (line 1)"},
      {std::string_view("a\0b", 3), "! The body is not valid CSV: a NUL byte (line 1)"}};
  for (const auto& [text, expected] : wrong)
    BOOST_TEST(told(text) == expected);
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back) {
  for (std::string_view text :
       {"", "plain", "a,b", "\"", "\"\"", "a\r\nb", "\n", " x ", "\xC3\xA4"}) {
    std::string line;
    append_csv_field(line, text);
    line += ",end";
    csv_reader reader(line);
    std::vector<csv_field> record;
    BOOST_TEST(reader.next(record).value());
    BOOST_REQUIRE(record.size() == 2U);
    BOOST_TEST(record[0].text == text);
  }
}

BOOST_AUTO_TEST_CASE(formulas_are_told_by_their_first_character) {
  for (std::string_view text : {"=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"})
    BOOST_TEST(looks_like_formula(text), text);
  for (std::string_view text : {"", "1", "'=1", "a=1", " ", "  a", "\u00A0", "\u3000a", "\uFF1E"})
    BOOST_TEST(!looks_like_formula(text), text);
}

BOOST_AUTO_TEST_CASE(full_width_and_small_signs_are_told_like_plain_ones) {
  for (std::string_view text :
       {"\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF20x", "\uFE661", "\uFE621", "\uFE631", "\uFE6Bx"})
    BOOST_TEST(looks_like_formula(text), text);
}

BOOST_AUTO_TEST_CASE(blanks_in_front_hide_no_formula) {
  for (std::string_view text :
       {" =1", "   +1", "\u00A0-1", "\u3000@x", "\uFEFF=1", "\u200B=1", " \v\f\u2003\uFF1D1"})
    BOOST_TEST(looks_like_formula(text), text);
}

BOOST_AUTO_TEST_CASE(delimiter_name_and_first_line_may_be_told) {
  csv_reader reader("a,b\t\"c\td\"\ne\tf\"", {'\t', 7, "The record"});
  std::vector<csv_field> record;
  BOOST_REQUIRE(reader.next(record).value());
  BOOST_REQUIRE_EQUAL(record.size(), 2u);
  BOOST_TEST(record[0].text == "a,b");
  BOOST_TEST(record[1].text == "c\td");
  BOOST_TEST(reader.line() == 7u);
  BOOST_TEST(reader.next_line() == 8u);
  BOOST_TEST(reader.rest() == "e\tf\"");
  const auto broken = reader.next(record);
  BOOST_REQUIRE(broken.has_error());
  BOOST_TEST(broken.error().message.starts_with("The record is not valid CSV: "));
  BOOST_TEST(broken.error().message.ends_with("(line 8)"));
}

BOOST_AUTO_TEST_SUITE_END()
