#pragma once

// The pages of a connection, keyed by the hash that names them in rollups, in 256 blocks. Pure, any
// thread.

#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/hashed_block.hpp"
#include "domain/referrals/rollup.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// A page: its id in rollups, its whole hash, and the text as sent.
struct named_page {
  page_id id;
  short_hash hash;
  std::string_view text;
};

/// The pages of some rows, each once, in order of appearance.
class distinct_pages {
public:
  page_id add(std::string_view text);
  [[nodiscard]] std::vector<named_page> take() && { return std::move(pages_); }

private:
  text_view_map<page_id> ids_;
  std::vector<named_page> pages_;
};

/// "p/" ulid shard, where the shard is the page's first byte.
[[nodiscard]] std::string page_block_key(std::string_view connection_id, page_id page);
/// The prefix of the keys of a connection's pages.
[[nodiscard]] std::string page_block_prefix(std::string_view connection_id);
[[nodiscard]] inline std::uint8_t page_shard_of(page_id page) {
  return static_cast<std::uint8_t>(page >> 56);
}

/// The id of the page with this hash in a block.
[[nodiscard]] page_id page_id_of_hash(std::string_view hash);

/// The blocks of pages, in the order of their keys.
[[nodiscard]] std::vector<block_write> page_blocks(std::string_view connection_id,
                                                   std::vector<named_page> pages);

} // namespace headwater::referrals
