#pragma once

// Compares the stored Merkle tree and the stored checkpoints with the events they are about, while
// somebody reads those in order of position (verify_log). Blocks on the disk; memory is bounded.

#include "domain/proofs/merkle.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/stored_tree.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace headwater::store {

struct verified_tree {
  std::uint64_t size = 0;        ///< events that the stored tree covers, 0 where there is none
  std::uint64_t checkpoints = 0; ///< stored ones, whose roots are those of the log
  std::uint64_t unchecked = 0;   ///< of them, those whose signature was not checked: other keys'
  std::uint64_t proven = 0;      ///< events that the verifier's last checkpoint covers
};

class tree_verifier {
public:
  /// Signatures under the verifier's name are checked by it.
  tree_verifier(const table_store& tables, const std::optional<note_verifier>& verifier)
      : tables_(tables), verifier_(verifier) {}

  /// Before the first event.
  [[nodiscard]] result<void> begin();
  /// The next event's chain value. errc::corrupt_log for a tile, frontier or checkpoint that is not
  /// what the events so far give.
  [[nodiscard]] result<void> add(const digest& chain);
  /// After the last one: nothing may speak of more events than there were.
  [[nodiscard]] result<verified_tree> finish();

private:
  [[nodiscard]] result<void> load_checkpoints();
  [[nodiscard]] result<void> check_checkpoint();
  [[nodiscard]] result<void> check_frontier() const;
  [[nodiscard]] result<void> check_tile(unsigned layer, std::uint64_t number,
                                        std::string_view bytes) const;

  const table_store& tables_;
  const std::optional<note_verifier>& verifier_;
  merkle_frontier frontier_;
  open_tiles tiles_;
  std::optional<std::uint64_t> stored_; ///< the size of the stored tree
  std::vector<stored_checkpoint> next_; ///< the checkpoints to come, the next one last
  bool all_loaded_ = false;
  verified_tree out_;
};

} // namespace headwater::store
