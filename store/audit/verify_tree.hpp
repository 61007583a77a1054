#pragma once

// Compares the stored Merkle tree and checkpoints with the events they cover, while the caller
// reads those in order of position (verify_log). Blocks on the disk; memory is bounded.

#include "domain/proofs/merkle.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/stored_tree.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace headwater::store {

struct verified_tree {
  std::uint64_t size = 0;        ///< events that the stored tree covers, 0 if there is none
  std::uint64_t checkpoints = 0; ///< stored ones with the root that the log yields
  std::uint64_t unchecked = 0;   ///< how many of them were signed by other keys and so not checked
  std::uint64_t proven = 0;      ///< events covered by the last checkpoint of the verifier's key
};

class tree_verifier {
public:
  /// Signatures under the verifier's name are checked with it.
  tree_verifier(const table_store& tables, const std::optional<note_verifier>& verifier)
      : tables_(tables), verifier_(verifier) {}

  /// A checkpoint from elsewhere, whose signature the caller has judged. The log must have its root
  /// at its size: then nothing that it proves is gone or changed. Call it before begin().
  void compare_with(checkpoint held) { held_ = std::move(held); }
  /// Call it before the first event.
  [[nodiscard]] result<void> begin();
  /// Takes the next event's chain value. errc::corrupt_log if a tile, the frontier or a checkpoint
  /// does not match the events so far.
  [[nodiscard]] result<void> add(const digest& chain);
  /// Call it after the last event: fails if the tree or a checkpoint covers more events than there
  /// were.
  [[nodiscard]] result<verified_tree> finish();

private:
  [[nodiscard]] result<void> load_checkpoints();
  [[nodiscard]] result<void> check_checkpoint();
  [[nodiscard]] result<void> check_held() const;
  [[nodiscard]] result<void> check_frontier() const;
  [[nodiscard]] result<void> check_tile(unsigned layer, std::uint64_t number,
                                        std::string_view bytes) const;

  const table_store& tables_;
  const std::optional<note_verifier>& verifier_;
  merkle_frontier frontier_;
  open_tiles tiles_;
  std::optional<std::uint64_t> stored_; ///< the size of the stored tree
  std::vector<stored_checkpoint> next_; ///< the checkpoints still to come, the next one at the back
  bool all_loaded_ = false;
  std::optional<checkpoint> held_;
  verified_tree out_;
};

} // namespace headwater::store
