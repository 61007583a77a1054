#pragma once

// Proofs over the tree of merkle.hpp: that it contains a leaf, and that a later tree begins with an
// earlier one. Pure, any thread (if the caller's `nodes` allows it).

#include "domain/proofs/merkle.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace headwater {

/// Returns the hash of the complete subtree of 2^level leaves from index * 2^level on, as
/// merkle_frontier::append() produced it. A path asks only for subtrees within the tree's size, at
/// most 128 of them.
using merkle_nodes = std::function<result<digest>(unsigned level, std::uint64_t index)>;

/// The hashes beside the way from leaf `index` to the root of the tree of the first `size` leaves,
/// lowest first (RFC 6962, section 2.1.1). validation_error unless index < size; errors of `nodes`
/// are passed on.
[[nodiscard]] result<std::vector<digest>> inclusion_path(std::uint64_t index, std::uint64_t size,
                                                         const merkle_nodes& nodes);

/// The proof that the first `from` of the first `to` leaves are those of the earlier tree (RFC
/// 6962, section 2.1.2); empty if the sizes are equal. validation_error unless 0 < from <= to;
/// errors of `nodes` are passed on.
[[nodiscard]] result<std::vector<digest>> consistency_path(std::uint64_t from, std::uint64_t to,
                                                           const merkle_nodes& nodes);

/// Success if `path` shows that the leaf with this hash is number `index` (from 0) of the tree of
/// `size` leaves with this root (RFC 9162, section 2.1.3.2); else a validation_error that says why
/// not.
[[nodiscard]] result<void> verify_inclusion(const digest& leaf, std::uint64_t index,
                                            std::uint64_t size, std::span<const digest> path,
                                            const digest& root);

/// Success if `path` shows that the tree of `to` leaves with the root `to_root` starts with the
/// tree of `from` leaves with the root `from_root` (RFC 9162, section 2.1.4.2); else a
/// validation_error that says why not. Equal sizes need equal roots and an empty path. Nothing can
/// be shown of the tree without leaves, so from = 0 is an error.
[[nodiscard]] result<void> verify_consistency(std::uint64_t from, const digest& from_root,
                                              std::uint64_t to, const digest& to_root,
                                              std::span<const digest> path);

} // namespace headwater
