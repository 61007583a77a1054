#pragma once

// The database keys that store/FORMAT.md defines. Pure.

#include "domain/core/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// The key of a family's mark, which names the position of the last commit.
inline constexpr std::string_view mark_key = "";

void append_be32(std::string& out, std::uint32_t value);
void append_be64(std::string& out, std::uint64_t value);
/// Of exactly 4 and 8 bytes.
[[nodiscard]] std::uint32_t read_be32(std::string_view bytes);
[[nodiscard]] std::uint64_t read_be64(std::string_view bytes);

[[nodiscard]] std::string be64_key(std::uint64_t value);

[[nodiscard]] std::string stream_key(std::string_view stream);
/// The first key behind all event keys of the stream.
[[nodiscard]] std::string stream_end_key(std::string_view stream);
[[nodiscard]] std::string event_key(std::string_view stream, std::uint64_t sequence);
[[nodiscard]] digest use_key(std::string_view stream, std::string_view idempotency_key);

struct event_place {
  std::string stream;
  std::uint64_t sequence = 0;
};

/// Reads an event key; nothing where it is not one.
[[nodiscard]] std::optional<event_place> parse_event_key(std::string_view key);

/// What the keys of checkpoints start with, and that of the one of `size` events.
inline constexpr std::string_view checkpoint_prefix = "c";
[[nodiscard]] std::string checkpoint_key(std::uint64_t size);
/// Reads such a key; nothing where it is not one.
[[nodiscard]] std::optional<std::uint64_t> parse_checkpoint_key(std::string_view key);

/// The first key that does not start with `prefix` and lies behind those that do; nothing where no
/// such key exists (empty, or all bytes ff).
[[nodiscard]] std::optional<std::string> prefix_end(std::string_view prefix);

} // namespace headwater::store
