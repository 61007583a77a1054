#include "domain/core/csv.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"

#include <algorithm>

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

bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view{"=+-@\t\r\n"}.find(text.front()) != text.npos;
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
