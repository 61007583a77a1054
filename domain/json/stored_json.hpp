#pragma once

// Reads the members of JSON that Headwater wrote and that has objects inside: events and records of
// connections, manifests of snapshots, a server's list of AI platforms. Anything unexpected is
// damage. Flat payloads are read with field tables instead (fields.hpp). The first fault is kept,
// and everything after it reads as empty, so callers check once at the end. One read, one thread.

#include <rapidjson/document.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

/// A stored JSON text parsed in place in its own copy.
class stored_json {
public:
  explicit stored_json(std::string_view json);

  /// Why the text is not a JSON object; nothing if it is one.
  [[nodiscard]] std::optional<std::string> fault() const;
  [[nodiscard]] const rapidjson::Value& root() const { return document_; }
  /// The bytes that the values' texts point into.
  [[nodiscard]] std::shared_ptr<const void> text() const { return buffer_; }

private:
  std::shared_ptr<char[]> buffer_;
  rapidjson::Document document_;
};

class stored_members {
public:
  static constexpr std::int64_t any_integer = std::numeric_limits<std::int64_t>::min();

  /// `fault` is where the first fault goes; it must outlive the reader.
  stored_members(const rapidjson::Value& object, std::string& fault);

  void fail(std::string_view name, std::string_view what);

  [[nodiscard]] std::string_view text(std::string_view name);
  [[nodiscard]] std::optional<std::string_view> optional_text(std::string_view name);
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least);
  /// An integer of 0 or more; nothing if the member is absent.
  [[nodiscard]] std::optional<std::int64_t> optional_count(std::string_view name);
  [[nodiscard]] std::vector<std::string> texts(std::string_view name);
  [[nodiscard]] rapidjson::Value::ConstArray elements(std::string_view name);
  /// A reader of a nested object, for the same fault.
  [[nodiscard]] stored_members object(std::string_view name);
  [[nodiscard]] stored_members element(const rapidjson::Value& value);

private:
  [[nodiscard]] const rapidjson::Value* find(std::string_view name) const;

  const rapidjson::Value* object_; ///< null if there is no object to read
  std::string& fault_;
};

} // namespace headwater
