#pragma once

// The database keys that store/FORMAT.md defines. Pure.

#include "domain/core/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// The key of a family's mark, whose value is the position of the last commit.
inline constexpr std::string_view mark_key = ""; // not {}: RocksDB passes it to memcmp

void append_be32(std::string& out, std::uint32_t value);
void append_be64(std::string& out, std::uint64_t value);
/// The text must have exactly 4 or 8 bytes.
[[nodiscard]] std::uint32_t read_be32(std::string_view bytes);
[[nodiscard]] std::uint64_t read_be64(std::string_view bytes);

[[nodiscard]] std::string be64_key(std::uint64_t value);

[[nodiscard]] std::string stream_key(std::string_view stream);
/// The first key after all event keys of the stream.
[[nodiscard]] std::string stream_end_key(std::string_view stream);
[[nodiscard]] std::string event_key(std::string_view stream, std::uint64_t sequence);
[[nodiscard]] digest use_key(std::string_view stream, std::string_view idempotency_key);

struct event_place {
  std::string stream;
  std::uint64_t sequence = 0;
};

/// Reads an event key; nothing if it is not one.
[[nodiscard]] std::optional<event_place> parse_event_key(std::string_view key);

/// The prefix of checkpoint keys, and the key of the checkpoint of `size` events.
inline constexpr std::string_view checkpoint_prefix = "c";
[[nodiscard]] std::string checkpoint_key(std::uint64_t size);
/// Reads such a key; nothing if it is not one.
[[nodiscard]] std::optional<std::uint64_t> parse_checkpoint_key(std::string_view key);

/// The key of the Merkle tree's frontier.
inline constexpr std::string_view frontier_key = "f";

/// The first key after all keys that start with `prefix`; nothing if there is no such key (the
/// prefix is empty, or all its bytes are ff).
[[nodiscard]] std::optional<std::string> prefix_end(std::string_view prefix);

} // namespace headwater::store
