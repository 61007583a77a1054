#pragma once

// How a field table reads a member of a resource (as a view) and sets it (from a checked JSON
// value). Part of fields.hpp.

#include "domain/core/time.hpp"
#include "domain/json/json_value.hpp"

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace headwater {

struct timestamp {
  micros at;
};

/// Stands for the account id, which a resource does not hold itself.
struct owning_account {};

/// A field's value without a copy of its texts; lives as long as the resource.
using field_view = std::variant<json_null, bool, std::int64_t, timestamp, std::string_view,
                                owning_account, std::span<const std::string>,
                                std::span<const std::int64_t>, std::vector<std::string_view>>;

[[nodiscard]] inline field_view view_of(const std::string& value) {
  return std::string_view(value);
}
[[nodiscard]] inline field_view view_of(std::int64_t value) {
  return value;
}
template <std::same_as<bool> Bool>
[[nodiscard]] field_view view_of(Bool value) {
  return value;
}
[[nodiscard]] inline field_view view_of(const std::vector<std::string>& value) {
  return std::span<const std::string>(value);
}
[[nodiscard]] inline field_view view_of(const std::vector<std::int64_t>& value) {
  return std::span<const std::int64_t>(value);
}
/// An enumeration shows the text that to_string gives.
template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] field_view view_of(Enum value) {
  return to_string(value);
}
/// So does each of a list of them.
template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] field_view view_of(const std::vector<Enum>& values) {
  std::vector<std::string_view> words;
  words.reserve(values.size());
  for (const auto each : values)
    words.push_back(to_string(each));
  return words;
}
template <class T>
[[nodiscard]] field_view view_of(const std::optional<T>& value) {
  return value ? view_of(*value) : field_view(json_null{});
}

[[nodiscard]] inline field_view time_view_of(micros value) {
  return timestamp{value};
}
[[nodiscard]] inline field_view time_view_of(const std::optional<micros>& value) {
  return value ? field_view(timestamp{*value}) : field_view(json_null{});
}

inline void assign(std::string& to, const json_value& value) {
  to = std::get<std::string>(value);
}
inline void assign(std::int64_t& to, const json_value& value) {
  to = std::get<std::int64_t>(value);
}
inline void assign(bool& to, const json_value& value) {
  to = std::get<bool>(value);
}
/// Sets an enumeration from one of the table's choices; the type of the second argument selects the
/// parse_choice to call.
template <class Enum>
requires std::is_enum_v<Enum>
void assign(Enum& to, const json_value& value) {
  to = parse_choice(std::get<std::string>(value), to).value();
}
/// Null, if the table allows it, becomes the empty list.
template <class Item>
void assign(std::vector<Item>& to, const json_value& value) {
  to.clear();
  if (std::holds_alternative<json_null>(value))
    return;
  for (const auto& item : std::get<json_list>(value).items)
    to.push_back(std::get<Item>(item));
}
template <class Enum>
requires std::is_enum_v<Enum>
void assign(std::vector<Enum>& to, const json_value& value) {
  to.clear();
  for (const auto& item : std::get<json_list>(value).items)
    to.push_back(parse_choice(std::get<std::string>(item), Enum{}).value());
}
template <class T>
void assign(std::optional<T>& to, const json_value& value) {
  if (std::holds_alternative<json_null>(value))
    to.reset();
  else
    assign(to.emplace(), value);
}

namespace detail {

template <class Member>
struct owner;
template <class Owner, class Type>
struct owner<Type Owner::*> {
  using type = Owner;
};
template <class Member>
using owner_of = typename owner<Member>::type;

} // namespace detail
} // namespace headwater
