#pragma once

// Entity tags and the two headers that quote them (RFC 9110, 8.8.3, 13.1.1 and 13.1.2). Pure, any
// thread. A tag is handed around as the header has it, in its quotes.

#include "domain/core/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

/// The strong tag of what a text shows: the start of its SHA-256, in quotes.
[[nodiscard]] std::string etag_of_text(std::string_view text);

/// The tag of the same state sent in gzip: `"42-gz"` for `"42"`; empty for an empty one.
[[nodiscard]] std::string gzip_etag(std::string_view tag);

/// `*` or a list of tags, without their quotes.
struct entity_tags {
  bool any = false;
  std::vector<std::string> strong;
  std::vector<std::string> weak;

  /// Whether a strong tag of the list is this one, in whatever coding it was sent.
  [[nodiscard]] bool has_strong(std::string_view tag) const;
  /// The same with the weak tags.
  [[nodiscard]] bool has_weak(std::string_view tag) const;
  /// Whether a tag of the list, weak or strong, is exactly this one, its coding included.
  [[nodiscard]] bool has_exactly(std::string_view tag) const;

  bool operator==(const entity_tags&) const = default;
};

/// Several header lines are joined by commas first. errc::bad_request, which names `header`, for
/// anything but `*` or a list of tags.
[[nodiscard]] result<entity_tags> read_entity_tags(std::string_view value, std::string_view header);

/// What a client says of the state that its request is for.
struct preconditions {
  std::optional<entity_tags> match;      ///< If-Match
  std::optional<entity_tags> none_match; ///< If-None-Match

  /// Of a change, decided on the state that it changes. `tag`: nothing where the resource is not
  /// there, empty where it is and has no tag. errc::precondition_failed where one does not hold.
  [[nodiscard]] result<void> check(std::optional<std::string_view> tag) const;

  bool operator==(const preconditions&) const = default;
};

} // namespace headwater
