#pragma once

// A JSON object from a client, before anybody knows whether it is valid: its members in order, with
// their values as sent. Pure values; field tables (fields.hpp) check them.

#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headwater {

struct json_null {
  bool operator==(const json_null&) const = default;
};

/// A number that is not a 64-bit integer: "1.5", "1e30". ("100.0" and "1e2" are integers.)
struct json_number {
  std::string text;
  bool operator==(const json_number&) const = default;
};

/// An object, or an array inside an array. Its contents are not kept: no field takes them.
struct json_nested {
  bool operator==(const json_nested&) const = default;
};

using json_item =
    std::variant<json_null, bool, std::int64_t, json_number, std::string, json_nested>;

struct json_list {
  std::vector<json_item> items;
  bool operator==(const json_list&) const = default;
};

using json_value =
    std::variant<json_null, bool, std::int64_t, json_number, std::string, json_list, json_nested>;

/// A client's object. `faults` are those that can be seen without knowing the fields: it is not an
/// object ("body"), it has a key twice or a number out of range ("body.<key>"). They are kept here
/// and not returned as an error, because a client gets all faults of a request at once, and 404
/// comes before 422.
struct draft {
  struct member {
    std::string name;
    json_value value;
    bool operator==(const member&) const = default;
  };

  std::vector<member> members;
  std::vector<fault> faults;

  [[nodiscard]] const json_value* find(std::string_view name) const;
  bool operator==(const draft&) const = default;
};

/// Bytes that its members take: many times those of the text where that is a list of short items.
[[nodiscard]] std::size_t memory_of(const draft& members);

/// Reads a JSON text. errc::bad_request, with the byte offset in its message, if the text is
/// malformed or empty, has invalid UTF-8, a lone surrogate, a byte order mark or bytes after the
/// value, or is nested more than 32 deep.
[[nodiscard]] result<draft> parse_draft(std::string_view json);

} // namespace headwater
