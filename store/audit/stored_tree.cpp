#include "store/audit/stored_tree.hpp"

#include "domain/core/ordered_bytes.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <bit>

namespace headwater::store {
namespace {

constexpr std::size_t hash_bytes = sizeof(digest);
constexpr std::size_t events_per_step = 4096;
constexpr unsigned layers = 64 / levels_per_tile;

error damaged_tile(unsigned layer, std::uint64_t number, const std::string& why) {
  return {errc::corrupt_log, "Merkle tree, tile " + std::to_string(number) + " of level " +
                                 std::to_string(levels_per_tile * layer) + ": " + why};
}

digest hash_at(std::string_view tile, std::size_t index) {
  digest out{};
  std::copy_n(tile.begin() + static_cast<std::ptrdiff_t>(index * hash_bytes), hash_bytes,
              out.begin());
  return out;
}

/// The hash of the subtree of 2^level hashes in a tile.
digest hash_within(std::string_view tile, std::size_t index, unsigned level) {
  if (level == 0)
    return hash_at(tile, index);
  const auto half = std::size_t{1} << (level - 1);
  return merkle_node(hash_within(tile, index, level - 1),
                     hash_within(tile, index + half, level - 1));
}

class tile_reader {
public:
  explicit tile_reader(const table_store& tables) : tables_(tables) {}

  result<digest> node(unsigned level, std::uint64_t index) {
    const auto layer = level / levels_per_tile;
    const auto within = level % levels_per_tile;
    const auto first = index << within;
    const auto number = first / hashes_per_tile;
    const auto at = static_cast<std::size_t>(first % hashes_per_tile);
    CHECK(load(layer, number));
    if (bytes_.size() < (at + (std::size_t{1} << within)) * hash_bytes)
      return damaged_tile(layer, number, "it has fewer hashes than it must");
    return hash_within(bytes_, at, within);
  }

private:
  result<void> load(unsigned layer, std::uint64_t number) {
    auto key = tile_key(layer, number);
    if (key == key_)
      return {};
    TRY(auto row, tables_.get(table::proofs, key));
    if (!row)
      return damaged_tile(layer, number, "it is missing");
    key_ = std::move(key);
    bytes_ = std::move(*row);
    return {};
  }

  const table_store& tables_;
  std::string key_;
  std::string bytes_;
};

} // namespace

std::string tile_key(unsigned layer, std::uint64_t number) {
  std::string out{tile_prefix};
  out.push_back(static_cast<char>(layer));
  append_big_endian(out, number);
  return out;
}

merkle_nodes stored_nodes(const table_store& tables) {
  return [reader = tile_reader{tables}](unsigned level, std::uint64_t index) mutable {
    return reader.node(level, index);
  };
}

result<digest> stored_root(const table_store& tables, std::uint64_t size) {
  const auto node = stored_nodes(tables);
  std::optional<digest> right;
  auto at = size;
  for (auto left = size; left != 0; left &= left - 1) {
    const auto level = static_cast<unsigned>(std::countr_zero(left));
    at -= std::uint64_t{1} << level;
    auto hash = node(level, at >> level);
    if (!hash)
      return hash;
    right = right ? merkle_node(*hash, *right) : *hash;
  }
  return right ? *right : empty_merkle_root();
}

result<std::optional<std::uint64_t>> stored_size(const table_store& tables) {
  TRY(auto row, tables.get(table::proofs, frontier_key));
  if (!row)
    return std::optional<std::uint64_t>{};
  auto frontier = merkle_frontier::decode(*row);
  return frontier ? std::optional{frontier->size()} : std::nullopt;
}

result<stored_tree> stored_tree::open(const provable_log& log, table_store& tables) {
  stored_tree out{log, tables};
  TRY(auto row, tables.get(table::proofs, frontier_key));
  if (!row)
    return out;
  auto frontier = merkle_frontier::decode(*row);
  result<void> good;
  if (!frontier)
    good = frontier.error();
  else if (frontier->size() > log.provable_events())
    good = error{errc::corrupt_log, "it covers " + std::to_string(frontier->size()) +
                                        " events, and the log has " +
                                        std::to_string(log.provable_events())};
  else {
    out.frontier_ = std::move(*frontier);
    good = out.load_tiles();
  }
  if (good)
    return out;
  if (good.error().code != errc::corrupt_log)
    return good.error();
  CHECK(out.begin_anew(good.error().message));
  return out;
}

result<void> stored_tree::load_tiles() {
  for (unsigned layer = 0; layer < layers; ++layer) {
    const auto hashes = size() >> (levels_per_tile * layer) & (hashes_per_tile - 1);
    if (hashes == 0)
      continue;
    const auto number = open_tile_number(layer, size());
    TRY(auto row, tables_->get(table::proofs, tile_key(layer, number)));
    if (!row || row->size() != hashes * hash_bytes)
      return damaged_tile(layer, number, row ? "it has another length" : "it is missing");
    tiles_.put(layer, std::move(*row));
  }
  auto root = stored_root(*tables_, size());
  if (!root)
    return root.error();
  if (*root != frontier_.root())
    return error{errc::corrupt_log, "Merkle tree: its tiles give another root than its frontier"};
  return {};
}

result<void> stored_tree::begin_anew(std::string why) {
  const table_write gone{table::proofs, std::string{frontier_key}, std::nullopt};
  if (auto written = tables_->put({&gone, 1}); !written)
    return written;
  frontier_ = {};
  tiles_ = {};
  why_anew_ = std::move(why);
  return {};
}

result<void> stored_tree::grow(std::uint64_t until, std::size_t most) {
  if (until <= size())
    return {};
  most = static_cast<std::size_t>(std::min<std::uint64_t>(most, until - size()));
  TRY(auto chains, log_->chains(size() + 1, most));
  if (chains.empty())
    return {};
  auto frontier = frontier_;
  auto tiles = tiles_;
  std::vector<table_write> rows;
  const auto put = [&](unsigned layer, std::uint64_t number, const std::string& bytes) {
    rows.push_back({table::proofs, tile_key(layer, number), bytes});
  };
  for (const auto& chain : chains)
    frontier.append(leaf_of(chain), [&](const merkle_subtree& made) { tiles.add(made, put); });
  for (const auto& [layer, bytes] : tiles.layers()) {
    auto before = tiles_.layers().find(layer);
    if (!bytes.empty() && (before == tiles_.layers().end() || before->second != bytes))
      put(layer, open_tile_number(layer, frontier.size()), bytes);
  }
  rows.push_back({table::proofs, std::string{frontier_key}, frontier.encode()});
  if (auto written = tables_->put(rows); !written)
    return written;
  frontier_ = std::move(frontier);
  tiles_ = std::move(tiles);
  return {};
}

result<void> rebuild_tree(const provable_log& log, table_store& tables, const tree_progress& tell) {
  TRY(auto tree, stored_tree::open(log, tables));
  if (auto anew = tree.begin_anew("asked for"); !anew)
    return anew;
  for (const auto end = log.provable_events(); tree.size() < end;) {
    if (auto grown = tree.grow(end, events_per_step); !grown)
      return grown;
    tell(tree.size(), end);
  }
  return {};
}

} // namespace headwater::store
