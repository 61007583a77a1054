#include "domain/core/canonical_json.hpp"

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
  out.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    out.append(text.substr(plain, i - plain));
    append_escaped(out, c);
    plain = i + 1;
  }
  out.append(text.substr(plain));
  out.push_back('"');
}

void canonical_writer::separate() {
  if (!first_)
    out_.push_back(',');
  first_ = false;
}

canonical_writer& canonical_writer::begin_object() {
  separate();
  out_.push_back('{');
  first_ = true;
  return *this;
}

canonical_writer& canonical_writer::end_object() {
  out_.push_back('}');
  first_ = false;
  return *this;
}

canonical_writer& canonical_writer::begin_array() {
  separate();
  out_.push_back('[');
  first_ = true;
  return *this;
}

canonical_writer& canonical_writer::end_array() {
  out_.push_back(']');
  first_ = false;
  return *this;
}

canonical_writer& canonical_writer::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_.push_back(':');
  first_ = true;
  return *this;
}

canonical_writer& canonical_writer::string(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

canonical_writer& canonical_writer::integer(std::int64_t value) {
  assert(value <= (std::int64_t{1} << 53) - 1 && value >= -((std::int64_t{1} << 53) - 1));
  separate();
  char text[24];
  auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out_.append(text, end);
  return *this;
}

canonical_writer& canonical_writer::boolean(bool value) {
  return raw(value ? "true" : "false");
}

canonical_writer& canonical_writer::null() {
  return raw("null");
}

canonical_writer& canonical_writer::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

} // namespace headwater
