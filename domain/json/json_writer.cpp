#include "domain/json/json_writer.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace headwater {
namespace {

void append_escaped(std::string& out, unsigned char c) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\b':
    out += "\\b";
    return;
  case '\t':
    out += "\\t";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\f':
    out += "\\f";
    return;
  case '\r':
    out += "\\r";
    return;
  }
  out += "\\u00";
  out.push_back(digits[c >> 4]);
  out.push_back(digits[c & 15]);
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  if (text.empty()) {
    out.append(R"("")", 2);
    return;
  }
  // Most texts are short and need no escape: they are put together here and appended at once.
  std::array<char, 96> quoted;
  if (text.size() + 2 <= quoted.size() && unescaped_prefix(text) == text.size()) {
    quoted[0] = quoted[text.size() + 1] = '"';
    std::copy(text.begin(), text.end(), quoted.begin() + 1);
    out.append(quoted.data(), text.size() + 2);
    return;
  }
  out.push_back('"');
  for (;;) {
    const auto plain = unescaped_prefix(text);
    out.append(text.data(), plain);
    if (plain == text.size())
      break;
    append_escaped(out, static_cast<unsigned char>(text[plain]));
    text.remove_prefix(plain + 1);
  }
  out.push_back('"');
}

void json_writer::separate() {
  if (!first_)
    out_.push_back(',');
  first_ = false;
}

json_writer& json_writer::begin_object() {
  separate();
  out_.push_back('{');
  first_ = true;
  return *this;
}

json_writer& json_writer::end_object() {
  out_.push_back('}');
  first_ = false;
  return *this;
}

json_writer& json_writer::begin_array() {
  separate();
  out_.push_back('[');
  first_ = true;
  return *this;
}

json_writer& json_writer::end_array() {
  out_.push_back(']');
  first_ = false;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_.push_back(':');
  first_ = true;
  return *this;
}

json_writer& json_writer::plain_key(std::string_view name) {
  assert(unescaped_prefix(name) == name.size());
  separate();
  out_.push_back('"');
  out_.append(name);
  out_.append("\":", 2);
  first_ = true;
  return *this;
}

json_writer& json_writer::string(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

json_writer& json_writer::integer(std::int64_t value) {
  assert(value <= (std::int64_t{1} << 53) - 1 && value >= -((std::int64_t{1} << 53) - 1));
  separate();
  char text[24];
  auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out_.append(text, end);
  return *this;
}

json_writer& json_writer::boolean(bool value) {
  return raw(value ? "true" : "false");
}

json_writer& json_writer::null() {
  return raw("null");
}

json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

} // namespace headwater
