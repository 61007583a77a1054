#include "domain/core/csv.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <span>

namespace headwater {

void append_csv_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
    out += text;
    return;
  }
  out += '"';
  for (const auto c : text) {
    out += c;
    if (c == '"')
      out += '"';
  }
  out += '"';
}

namespace {

// Spreadsheets trim what stands in front of a formula, and some read full-width signs as plain ones
// (NFKC).
constexpr std::string_view blanks[] = {" ",      "\t",     "\r",     "\n",     "\v",     "\f",
                                       "\u0085", "\u00A0", "\u1680", "\u180E", "\u2000", "\u2001",
                                       "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
                                       "\u2008", "\u2009", "\u200A", "\u200B", "\u2028", "\u2029",
                                       "\u202F", "\u205F", "\u3000", "\uFEFF"};
constexpr std::string_view formula_signs[] = {"=",      "+",      "-",      "@",
                                              "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20",
                                              "\uFE66", "\uFE62", "\uFE63", "\uFE6B"};

/// How many bytes of the text one of them takes at its beginning; 0: none is there.
std::size_t length_of_one(std::span<const std::string_view> of, std::string_view text) {
  const auto found =
      std::ranges::find_if(of, [&](std::string_view one) { return text.starts_with(one); });
  return found == of.end() ? 0 : found->size();
}

} // namespace

bool looks_like_formula(std::string_view text) {
  if (text.starts_with('\t') || text.starts_with('\r') || text.starts_with('\n'))
    return true;
  while (const auto length = length_of_one(blanks, text))
    text.remove_prefix(length);
  return length_of_one(formula_signs, text) > 0;
}

csv_reader::csv_reader(std::string_view text, csv_form form)
    : rest_(text), name_(form.name), plain_end_{form.delimiter, '"', '\r', '\n'},
      line_(form.first_line), record_line_(form.first_line) {
  if (rest_.starts_with("\xEF\xBB\xBF"))
    rest_.remove_prefix(3);
}

error csv_reader::malformed(std::string_view why) const {
  return {errc::bad_request, std::string(name_) + " is not valid CSV: " + std::string(why) +
                                 " (line " + std::to_string(line_) + ")"};
}

bool csv_reader::at_line_end() const {
  return rest_.starts_with('\r') || rest_.starts_with('\n');
}

void csv_reader::skip_line_end() {
  rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
  ++line_;
}

result<bool> csv_reader::next(std::vector<csv_field>& record) {
  while (at_line_end())
    skip_line_end();
  if (rest_.empty())
    return false;
  record_line_ = line_;
  std::size_t count = 0;
  for (;;) {
    if (count == record.size())
      record.emplace_back();
    CHECK(read_field(record[count++]));
    if (!rest_.starts_with(plain_end_.front()))
      break;
    rest_.remove_prefix(1);
  }
  record.resize(count);
  if (!rest_.empty())
    skip_line_end();
  return true;
}

/// Reads up to the following comma or line end.
result<void> csv_reader::read_field(csv_field& into) {
  into.is_quoted = rest_.starts_with('"');
  into.text.clear();
  if (into.is_quoted) {
    rest_.remove_prefix(1);
    if (auto read = read_quoted(into.text); !read)
      return read;
    if (!rest_.empty() && rest_.front() != plain_end_.front() && !at_line_end())
      return malformed("a character behind a closing quote");
  } else {
    const auto size = std::min(rest_.find_first_of(plain_end_), rest_.size());
    into.text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (rest_.starts_with('"'))
      return malformed("a quote inside a field that does not begin with one");
  }
  if (!is_valid_utf8(into.text))
    return malformed("bytes that are not UTF-8");
  if (into.text.find('\0') != into.text.npos)
    return malformed("a NUL byte");
  return boost::system::in_place_value;
}

result<void> csv_reader::read_quoted(std::string& into) {
  const auto opened = line_;
  for (;;) {
    const auto size = rest_.find_first_of("\"\r\n");
    if (size == rest_.npos) {
      line_ = opened;
      return malformed("a quote that is never closed");
    }
    into += rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (at_line_end()) {
      const auto length = rest_.starts_with("\r\n") ? 2U : 1U;
      into += rest_.substr(0, length);
      skip_line_end();
    } else if (rest_.starts_with("\"\"")) {
      into += '"';
      rest_.remove_prefix(2);
    } else {
      rest_.remove_prefix(1);
      return boost::system::in_place_value;
    }
  }
}

} // namespace headwater
