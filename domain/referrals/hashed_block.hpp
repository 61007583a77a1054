#pragma once

// Values keyed by hash, sorted, in one block: the form in which rows and pages are stored. A push
// writes a block with what is new, and the store merges it into the stored one. FORMATS.md has the
// grammar. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/core/varint.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater::referrals {

/// The first 16 bytes of a SHA-256.
using short_hash = std::array<unsigned char, 16>;

[[nodiscard]] inline std::string_view bytes_of(const short_hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// A block to be merged into the one stored under a key.
struct block_write {
  std::string key;
  std::string block;

  bool operator==(const block_write&) const = default;
};

/// A block without values; append_entry() adds them, in ascending order of their hashes.
[[nodiscard]] std::string empty_block();
void append_entry(std::string& block, std::string_view hash, std::string_view value);

/// Reads a block entry by entry, in order.
class block_reader {
public:
  explicit block_reader(std::string_view block);

  /// False at the end and after a fault.
  bool next();
  [[nodiscard]] std::string_view hash() const { return hash_; }
  [[nodiscard]] std::string_view value() const { return value_; }
  /// errc::corrupt_log if the bytes are truncated or not a block.
  [[nodiscard]] result<void> verdict() const;

private:
  varint_reader block_;
  std::string_view hash_;
  std::string_view value_;
};

/// Merges the blocks of one key, oldest first; the newest value of a hash wins. Nothing if one is
/// unreadable.
[[nodiscard]] std::optional<std::string> merge_blocks(std::span<const std::string_view> blocks);

} // namespace headwater::referrals
