#pragma once

// Where in a request something is wrong: a path of names and indices such as body, 3, date. Each
// API family renders it in its own way (Pydantic's `loc`, or a single text). A value; any thread.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace headwater {

/// A member's name, or an index from 0.
using location_step = std::variant<std::string, std::int64_t>;

class location {
public:
  location() = default;
  location(std::initializer_list<location_step> steps) : steps_(steps) {}

  [[nodiscard]] const std::vector<location_step>& steps() const { return steps_; }
  [[nodiscard]] bool empty() const { return steps_.empty(); }

  /// The location of a member, or an element, of this one.
  [[nodiscard]] location operator/(std::string_view name) const& { return location(*this) / name; }
  [[nodiscard]] location operator/(std::string_view name) && {
    steps_.emplace_back(std::in_place_type<std::string>, name);
    return std::move(*this);
  }
  [[nodiscard]] location operator/(std::size_t index) const& { return location(*this) / index; }
  [[nodiscard]] location operator/(std::size_t index) && {
    steps_.emplace_back(static_cast<std::int64_t>(index));
    return std::move(*this);
  }

  /// Appends the steps of `tail` without its first one: a fault at a rule's "body.domain" becomes
  /// one at "body.draft.passthrough_referrers.add[0].domain".
  [[nodiscard]] location with_rest_of(const location& tail) const;

  /// Whether `other` is this location or lies below it.
  [[nodiscard]] bool contains(const location& other) const;

  bool operator==(const location&) const = default;

private:
  std::vector<location_step> steps_;
};

/// "body.draft.passthrough_referrers.add[0].domain"
[[nodiscard]] std::string to_string(const location& place);

} // namespace headwater
