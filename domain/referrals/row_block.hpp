#pragma once

// How rows are stored: the rows of a connection and a day are spread over 16 blocks, each sorted by
// the hash of referrer and page. For each stored block that a push changes, it writes one block
// with the changes, and the store merges the two. So 10,000 rows of one day cost 16 writes and as
// many reads. FORMATS.md has the grammar. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/referrals/hashed_block.hpp"
#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/row_value.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// SHA-256(referrer 0x00 page), shortened. The referrer contains no NUL, so the hashed bytes are
/// unambiguous. 128 bits suffice: with 2^32 rows of a connection on one day, the probability that
/// any two collide by chance is 2^-65. Somebody who spends 2^64 steps on making a collision can
/// only overwrite a row of their own.
using row_hash = short_hash;

/// The place of a row within its connection: one for each upsert key.
struct row_place {
  day_number day = 0;
  row_hash hash{};

  [[nodiscard]] std::uint8_t shard() const { return hash[0] >> 4; }
  auto operator<=>(const row_place&) const = default;
};

[[nodiscard]] row_place place_of(const referral_row& row);

/// The key of the block that holds the row: "r/" ulid be32(day + 2^31) shard.
[[nodiscard]] std::string row_block_key(std::string_view connection_id, const row_place& place);
/// The prefix of the keys of all row blocks.
inline constexpr std::string_view row_block_prefix = "r/";
/// What the key of a row block says.
struct row_block_place {
  std::string_view connection_id;
  day_number day;
};
/// errc::corrupt_log if `key` is not the key of a row block.
[[nodiscard]] result<row_block_place> place_of_row_block(std::string_view key);

/// Makes blocks of the rows, in the order of their keys. `places[i]` is the place of `rows[i]`; no
/// two are equal.
[[nodiscard]] std::vector<block_write> row_blocks(std::string_view connection_id,
                                                  std::span<const stored_row> rows,
                                                  std::span<const row_place> places);

/// Finds what is stored for the rows of a batch: which blocks to read, and which of their entries
/// are wanted.
class row_lookup {
public:
  explicit row_lookup(std::span<const row_place> places);

  /// A block to read, and the rows that may be in it.
  struct wanted_block {
    row_place first;
    std::span<const std::uint32_t> rows; ///< indexes into the batch, sorted by hash
  };
  [[nodiscard]] const std::vector<wanted_block>& blocks() const { return blocks_; }
  /// Keeps the wanted rows of a block that has been read.
  [[nodiscard]] result<void> take(const wanted_block& wanted, std::string_view block);
  /// The stored value for each row of the batch, or nothing.
  [[nodiscard]] std::vector<std::optional<std::string>> values() && { return std::move(values_); }

private:
  std::span<const row_place> places_;
  std::vector<std::uint32_t> order_; ///< rows, sorted by place
  std::vector<wanted_block> blocks_;
  std::vector<std::optional<std::string>> values_;
};

} // namespace headwater::referrals
