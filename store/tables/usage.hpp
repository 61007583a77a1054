#pragma once

// What counts against quotas, as rows of table::usage. Each append adds to a row in the same write
// as its events, so the sums are exact and survive a kill. Pure.
//
//   usage := 01 be64(events) be64(bytes)        added to the stored one

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater::store {

struct usage {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0; ///< of headers, salts and payload parts

  usage& operator+=(const usage& other) {
    events += other.events;
    bytes += other.bytes;
    return *this;
  }
  bool operator==(const usage&) const = default;
};

/// What an event counts: its header's text, the salt and its payload part, as they are stored.
[[nodiscard]] usage usage_of_event(std::string_view header_text, std::string_view part_text);

[[nodiscard]] std::string encode_usage(const usage& value);
/// Nothing if it is not one.
[[nodiscard]] std::optional<usage> decode_usage(std::string_view row);

/// The sum; nothing if one of them is unreadable. A merge_function.
[[nodiscard]] std::optional<std::string> merge_usage(std::span<const std::string_view> rows);

} // namespace headwater::store
