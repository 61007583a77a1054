#include "domain/proofs/merkle_path.hpp"

#include "domain/core/try.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

namespace headwater {
namespace {

error no_such_path(std::string why) {
  return {errc::validation_error, std::move(why)};
}

/// The leaves from `begin` to before `end`. Where RFC 6962 splits a tree, `begin` is a multiple of
/// a power of two that is not less than the length, so each bit of the length is a complete
/// subtree.
struct leaf_range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  [[nodiscard]] std::uint64_t length() const { return end - begin; }
  /// Where the left part ends: the largest power of two below the length, which must be 2 or more.
  [[nodiscard]] std::uint64_t split() const { return begin + std::bit_floor(length() - 1); }
};

/// MTH of RFC 6962 over a range of at least one leaf, folded from its smallest subtree to the left.
result<digest> hash_of(const leaf_range& range, const merkle_nodes& nodes) {
  std::optional<digest> right;
  auto at = range.end;
  for (auto left = range.length(); left != 0; left &= left - 1) {
    const auto level = static_cast<unsigned>(std::countr_zero(left));
    at -= std::uint64_t{1} << level;
    auto hash = nodes(level, at >> level);
    if (!hash)
      return hash;
    right = right ? merkle_node(*hash, *right) : *hash;
  }
  return *right;
}

/// The hashes of the ranges, last one first.
result<std::vector<digest>> hashes_of(const std::vector<leaf_range>& ranges,
                                      const merkle_nodes& nodes) {
  std::vector<digest> out;
  out.reserve(ranges.size());
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    TRY(const auto hash, hash_of(*range, nodes));
    out.push_back(hash);
  }
  return out;
}

/// Descends one step, into the half that holds the leaf `index`; returns the other half.
leaf_range descend(leaf_range& range, std::uint64_t index) {
  const auto split = range.split();
  auto other = range;
  (index < split ? range.end : range.begin) = split;
  (index < split ? other.begin : other.end) = split;
  return other;
}

/// The way from a leaf to the root in both verifications of RFC 9162: `fn` is the position in the
/// current row of nodes and `sn` that of the row's last node.
struct climb {
  std::uint64_t fn = 0;
  std::uint64_t sn = 0;

  /// The next hash of the path belongs to the left of the one computed so far.
  [[nodiscard]] bool sibling_is_left() const { return (fn & 1) != 0 || fn == sn; }
  void up() {
    fn >>= 1;
    sn >>= 1;
  }
  /// After a sibling on the left: skips rows in which the node is the last one and has no sibling.
  void skip_rows_without_sibling() {
    while ((fn & 1) == 0 && fn != 0)
      up();
  }
};

error too_long() {
  return no_such_path("the path has more hashes than the way to the root");
}

error too_short() {
  return no_such_path("the path has fewer hashes than the way to the root");
}

} // namespace

result<std::vector<digest>> inclusion_path(std::uint64_t index, std::uint64_t size,
                                           const merkle_nodes& nodes) {
  if (index >= size)
    return no_such_path("leaf " + std::to_string(index) + " is not in a tree of " +
                        std::to_string(size));
  std::vector<leaf_range> beside;
  leaf_range range{0, size};
  while (range.length() > 1)
    beside.push_back(descend(range, index));
  return hashes_of(beside, nodes);
}

result<std::vector<digest>> consistency_path(std::uint64_t from, std::uint64_t to,
                                             const merkle_nodes& nodes) {
  if (from == 0 || from > to)
    return no_such_path("no tree of " + std::to_string(to) + " can be shown to start with one of " +
                        std::to_string(from));
  std::vector<leaf_range> parts;
  leaf_range range{0, to};
  while (range.end != from)
    parts.push_back(descend(range, from - 1));
  if (range.begin != 0) // else it is the whole earlier tree, whose root the verifier has
    parts.push_back(range);
  return hashes_of(parts, nodes);
}

result<void> verify_inclusion(const digest& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const digest> path, const digest& root) {
  if (index >= size)
    return no_such_path("leaf " + std::to_string(index) + " is not in a tree of " +
                        std::to_string(size));
  climb way{index, size - 1};
  auto hash = leaf;
  for (const auto& sibling : path) {
    if (way.sn == 0)
      return too_long();
    if (way.sibling_is_left()) {
      hash = merkle_node(sibling, hash);
      way.skip_rows_without_sibling();
    } else {
      hash = merkle_node(hash, sibling);
    }
    way.up();
  }
  if (way.sn != 0)
    return too_short();
  if (hash != root)
    return no_such_path("leaf and path give another root");
  return {};
}

result<void> verify_consistency(std::uint64_t from, const digest& from_root, std::uint64_t to,
                                const digest& to_root, std::span<const digest> path) {
  if (from == 0 || from > to)
    return no_such_path("no tree of " + std::to_string(to) + " can be shown to start with one of " +
                        std::to_string(from));
  if (from == to && !path.empty())
    return too_long();
  if (from == to)
    return from_root == to_root ? result<void>{}
                                : no_such_path("two roots of trees of the same size");
  // A path is never empty. If the earlier tree is complete, the climb starts at its root.
  if (path.empty())
    return too_short();
  climb way{from - 1, to - 1};
  while ((way.fn & 1) != 0)
    way.up();
  auto from_hash = std::has_single_bit(from) ? from_root : path.front();
  auto to_hash = from_hash;
  for (const auto& sibling : path.subspan(std::has_single_bit(from) ? 0 : 1)) {
    if (way.sn == 0)
      return too_long();
    if (way.sibling_is_left()) {
      from_hash = merkle_node(sibling, from_hash);
      to_hash = merkle_node(sibling, to_hash);
      way.skip_rows_without_sibling();
    } else {
      to_hash = merkle_node(to_hash, sibling);
    }
    way.up();
  }
  if (way.sn != 0)
    return too_short();
  if (from_hash != from_root)
    return no_such_path("the path gives another root of the earlier tree");
  if (to_hash != to_root)
    return no_such_path("the path gives another root of the later tree");
  return {};
}

} // namespace headwater
