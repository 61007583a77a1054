#pragma once

// What auditing needs besides reading the log: the chain values that the Merkle tree is built from,
// and a place for checkpoints that notices if one gets lost. The tree itself and the notes are rows
// of table::proofs (stored_tree.hpp, checkpoint_table.hpp). Verifying a log (verify.hpp) only needs
// event_log.
//
// Operation: provable events are numbered 1, 2, 3 ... without a gap. Their order never changes, and
// all of them have been acknowledged. With a single log the number is the position.
//
// Concurrency: thread-safe, also while events are appended. put_checkpoint() must have one caller
// at a time (the checkpointer). chains() and find_header() block on the disk, provable_events()
// does not.
//
// Limits: the chain values of recent commits come from memory; each older one costs a look-up. Ask
// for no more than some thousands at a time.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "store/log/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headwater::store {

class provable_log {
public:
  /// The number of provable events.
  [[nodiscard]] virtual std::uint64_t provable_events() const = 0;

  /// The chain values from event number `from` (1 or more) on, in order: `most` of them, or fewer
  /// at the end of the log. errc::corrupt_log names an event that is missing or damaged.
  [[nodiscard]] virtual result<std::vector<digest>> chains(std::uint64_t from,
                                                           std::size_t most) const = 0;

  /// Header and chain value of one event, by its sequence in the stream or, if `stream` is empty,
  /// by its position. Nothing if the stream or the log ends before it. Does not read the part,
  /// which may have megabytes, and does not check the chain: the Merkle tree does (prove_event).
  /// errc::corrupt_log names an event that is missing or damaged.
  [[nodiscard]] virtual result<std::optional<chained_header>>
  find_header(const stream_name& stream, std::uint64_t number) const = 0;

  /// Writes the note of a checkpoint of `size` events to table::proofs, synced; from then on a log
  /// that lacks this note cannot be opened. Use store::put_checkpoint. errc::io_failed stops the
  /// log.
  [[nodiscard]] virtual result<void> put_checkpoint(std::uint64_t size, std::string_view note) = 0;

protected:
  ~provable_log() = default;
};

} // namespace headwater::store
