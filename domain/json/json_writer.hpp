#pragma once

// Writes the canonical JSON of RFC 8785, as far as events need it: objects (the caller gives their
// keys in ascending order), strings, booleans, null and integers up to 2^53-1. Equal values always
// give equal bytes, and so equal hashes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater {

/// Appends `text` as a JSON string. Only `"`, `\` and control characters are escaped, the latter as
/// \b \t \n \f \r or \u00xx in lower case (RFC 8785, 3.2.2.2).
void append_json_string(std::string& out, std::string_view text);

/// Writes one JSON text member by member. The caller gives the keys of an object in ascending
/// order; golden files hold it to that. Do not use it after str(). To write many texts, end
/// each with end_line().
class json_writer {
public:
  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);
  /// The same for a name of ours, which needs no escape.
  json_writer& plain_key(std::string_view name);
  json_writer& string(std::string_view value);
  /// `value` must lie within +-(2^53-1).
  json_writer& integer(std::int64_t value);
  json_writer& boolean(bool value);
  json_writer& null();
  json_writer& string_or_null(const std::optional<std::string>& value) {
    return value ? string(*value) : null();
  }
  /// Appends text that is canonical JSON already.
  json_writer& raw(std::string_view json);

  json_writer& member(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  json_writer& member(std::string_view name, const char* value) { return key(name).string(value); }
  json_writer& member(std::string_view name, const std::string& value) {
    return key(name).string(value);
  }
  json_writer& member(std::string_view name, std::int64_t value) {
    return key(name).integer(value);
  }
  json_writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  json_writer& member(std::string_view name, const std::optional<std::string>& value) {
    return key(name).string_or_null(value);
  }

  json_writer& member(std::string_view name, std::span<const std::string> texts) {
    key(name).begin_array();
    for (const auto& text : texts)
      string(text);
    return end_array();
  }

  /// Appends a piece of canonical JSON that ends where a value must follow, such as `{"a":1,"b":`.
  /// For keys that the caller knows beforehand.
  json_writer& piece(std::string_view json) {
    out_.append(json);
    first_ = true;
    return *this;
  }
  /// Ends a text with a line end. The next text may follow.
  void end_line() {
    out_.push_back('\n');
    first_ = true;
  }
  /// Forgets what was written, but keeps the memory.
  void clear() {
    out_.clear();
    first_ = true;
  }

  /// Reserves memory for a text of that many bytes.
  void reserve(std::size_t bytes) { out_.reserve(bytes); }

  [[nodiscard]] std::string str() && { return std::move(out_); }
  [[nodiscard]] const std::string& view() const { return out_; }

private:
  void separate();

  std::string out_;
  bool first_ = true;
};

} // namespace headwater
