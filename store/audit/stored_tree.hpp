#pragma once

// The Merkle tree over all events (RFC 6962; the leaf for position p is the 32 bytes of its chain
// value), as stored in table::proofs: only its levels 0, 8, 16 ... in tiles of 256 hashes, as in
// C2SP's tlog-tiles, and the frontier (store/FORMAT.md). All of it is derived from the log and can
// be rebuilt.
//
// One thread grows it; others may read nodes at the same time.

#include "domain/proofs/merkle.hpp"
#include "domain/proofs/merkle_path.hpp"
#include "store/log/provable_log.hpp"
#include "store/tables/keys.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace headwater::store {

inline constexpr unsigned levels_per_tile = 8;
inline constexpr std::size_t hashes_per_tile = 256;
inline constexpr std::string_view tile_prefix = "t";

/// The leaf of an event in the tree.
[[nodiscard]] inline digest leaf_of(const digest& chain) {
  return merkle_leaf(as_bytes(chain));
}

/// The key of a tile; its hashes have the level `layer` times 8.
[[nodiscard]] std::string tile_key(unsigned layer, std::uint64_t number);

/// The hashes of each layer's last tile, which is not yet full; used both to grow and to check a
/// tree.
class open_tiles {
public:
  /// Adds a subtree that is now complete; calls full(layer, number, bytes) if that fills a tile.
  template <class Full>
  void add(const merkle_subtree& made, Full&& full) {
    if (made.level % levels_per_tile != 0)
      return;
    const auto layer = made.level / levels_per_tile;
    auto& bytes = layers_[layer];
    bytes += as_bytes(made.hash);
    if (bytes.size() < hashes_per_tile * sizeof(digest))
      return;
    full(layer, made.index / hashes_per_tile, std::as_const(bytes));
    bytes.clear();
  }

  /// By layer; a tile that has just been filled is empty here.
  [[nodiscard]] const std::map<unsigned, std::string>& layers() const { return layers_; }
  void put(unsigned layer, std::string bytes) { layers_[layer] = std::move(bytes); }

private:
  std::map<unsigned, std::string> layers_;
};

/// The number of the unfinished tile of a layer in a tree of that size.
[[nodiscard]] inline std::uint64_t open_tile_number(unsigned layer, std::uint64_t size) {
  return size >> (levels_per_tile * layer) >> levels_per_tile;
}

/// Reads nodes of the stored tree, for merkle_path.hpp. Caches the last tile read; one thread.
/// errc::corrupt_log names a tile that is missing or damaged.
[[nodiscard]] merkle_nodes stored_nodes(const table_store& tables);

/// The root of the tree of the first `size` events, computed from stored nodes.
[[nodiscard]] result<digest> stored_root(const table_store& tables, std::uint64_t size);

/// How many events the stored tree covers; nothing if there is none or its frontier is damaged.
[[nodiscard]] result<std::optional<std::uint64_t>> stored_size(const table_store& tables);

/// Called from time to time with how many events the tree covers, out of how many.
using tree_progress = std::function<void(std::uint64_t size, std::uint64_t of)>;

class stored_tree {
public:
  /// Continues the tree where it was left. One that is damaged, or ahead of the log, is started
  /// over, and `why_anew` says why. The errors are those of reading.
  [[nodiscard]] static result<stored_tree> open(const provable_log& log, table_store& tables);

  [[nodiscard]] std::uint64_t size() const { return frontier_.size(); }
  [[nodiscard]] digest root() const { return frontier_.root(); }
  /// Why the tree was started over; nothing if it was not.
  [[nodiscard]] const std::optional<std::string>& why_anew() const { return why_anew_; }

  /// Adds the next events, at most `most` of them and none beyond `until`, and writes the changed
  /// tiles and the frontier. The errors are those of provable_log::chains() and table_store::put(),
  /// and leave the tree unchanged.
  [[nodiscard]] result<void> grow(std::uint64_t until, std::size_t most);

  /// Drops the stored tree; grow() rebuilds it.
  [[nodiscard]] result<void> begin_anew(std::string why);

private:
  stored_tree(const provable_log& log, table_store& tables) : log_(&log), tables_(&tables) {}
  /// Loads the unfinished tiles, and checks that they agree with the frontier.
  [[nodiscard]] result<void> load_tiles();

  const provable_log* log_;
  table_store* tables_;
  merkle_frontier frontier_;
  open_tiles tiles_;
  std::optional<std::string> why_anew_;
};

/// Rebuilds the whole tree. Call it before the first append.
[[nodiscard]] result<void> rebuild_tree(const provable_log& log, table_store& tables,
                                        const tree_progress& tell);

} // namespace headwater::store
