#pragma once

// Entity tags and the two headers that carry them (RFC 9110, 8.8.3, 13.1.1 and 13.1.2). Pure, any
// thread. Tags are passed around as in the header, with their quotes.

#include "domain/core/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

/// A strong tag for a text: the start of its SHA-256, in quotes.
[[nodiscard]] std::string etag_of_text(std::string_view text);

/// The tag of the same state when it is sent gzipped: `"42-gz"` for `"42"`; empty for an empty one.
[[nodiscard]] std::string gzip_etag(std::string_view tag);

/// The same for brotli: `"42-br"`.
[[nodiscard]] std::string brotli_etag(std::string_view tag);

/// `*` or a list of tags, without their quotes.
struct entity_tags {
  bool any = false;
  std::vector<std::string> strong;
  std::vector<std::string> weak;

  /// Whether the list has this strong tag, in whatever coding it was sent.
  [[nodiscard]] bool has_strong(std::string_view tag) const;
  /// The same for weak tags.
  [[nodiscard]] bool has_weak(std::string_view tag) const;
  /// Whether the list has exactly this tag, weak or strong, including its coding.
  [[nodiscard]] bool has_exactly(std::string_view tag) const;

  bool operator==(const entity_tags&) const = default;
};

/// Join several header lines with commas first. errc::bad_request, naming `header`, for anything
/// but `*` or a list of tags.
[[nodiscard]] result<entity_tags> read_entity_tags(std::string_view value, std::string_view header);

/// The conditions that a client sets for its request.
struct preconditions {
  std::optional<entity_tags> match;      ///< If-Match
  std::optional<entity_tags> none_match; ///< If-None-Match

  /// Checks them for a change, against the state being changed. `tag`: nothing if the resource does
  /// not exist, empty if it exists without a tag. errc::precondition_failed if one does not hold.
  [[nodiscard]] result<void> check(std::optional<std::string_view> tag) const;

  bool operator==(const preconditions&) const = default;
};

} // namespace headwater
