#pragma once

// The Merkle tree of RFC 6962, section 2.1, over SHA-256, and its growing right edge. Pure, any
// thread.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater {

/// The hash of one leaf: SHA-256(0x00 || entry).
[[nodiscard]] digest merkle_leaf(std::string_view entry);

/// The hash of a node: SHA-256(0x01 || left || right).
[[nodiscard]] digest merkle_node(const digest& left, const digest& right);

/// The root of the tree without leaves: SHA-256 of nothing.
[[nodiscard]] digest empty_merkle_root();

/// A complete subtree: the 2^level leaves from index * 2^level on. A single leaf has level 0. The
/// hash is the same in every tree that contains it, so it can be stored for ever.
struct merkle_subtree {
  unsigned level = 0;
  std::uint64_t index = 0;
  digest hash{};

  bool operator==(const merkle_subtree&) const = default;
};

/// The right edge of a growing tree: its size and the hashes of the complete subtrees that it
/// consists of, one for each bit set in the size. That is enough to append leaves and to compute
/// the root.
class merkle_frontier {
public:
  /// How many leaves there are.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Adds a leaf by its hash, which is merkle_leaf() of the entry, and calls made(merkle_subtree)
  /// for each subtree that this completes, the leaf itself first: two on average, at most 64. If
  /// `made` throws, the frontier is unusable.
  template <class Made>
  void append(const digest& leaf, Made&& made) {
    merkle_subtree top{.level = 0, .index = size_, .hash = leaf};
    made(std::as_const(top));
    while ((top.index & 1) != 0) {
      top = {.level = top.level + 1,
             .index = top.index >> 1,
             .hash = merkle_node(peaks_.back(), top.hash)};
      peaks_.pop_back();
      made(std::as_const(top));
    }
    peaks_.push_back(top.hash);
    ++size_;
  }
  void append(const digest& leaf) {
    append(leaf, [](const merkle_subtree&) {});
  }

  /// The root of the tree of size() leaves (RFC 6962, section 2.1).
  [[nodiscard]] digest root() const;

  /// The stored form: a version (1), the size as 8 bytes big-endian, the hashes from the largest
  /// subtree to the smallest, and the first 8 bytes of the SHA-256 of all that.
  [[nodiscard]] std::string encode() const;
  /// Reads what encode() wrote; corrupt_log for anything else.
  [[nodiscard]] static result<merkle_frontier> decode(std::string_view bytes);

  bool operator==(const merkle_frontier&) const = default;

private:
  std::uint64_t size_ = 0;
  std::vector<digest> peaks_; ///< the largest first
};

} // namespace headwater
