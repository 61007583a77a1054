#pragma once

// Verifies a whole log: positions without a gap and, for each stream, sequences without a gap,
// payload hashes, and the chain recomputed from 32 zero bytes (store/FORMAT.md, "Events"). A
// missing payload part must be explained by an account_erased, and the stored head of each stream,
// by which readers find its end, must be its last event. Blocks on the disk; memory grows with the
// number of streams, not of events.

#include "store/log/event_log.hpp"

#include <cstdint>
#include <functional>

namespace headwater::store {

struct verified_log {
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::uint64_t erased = 0;   ///< events whose payload part is gone, so that only the header counts
  std::uint64_t to_erase = 0; ///< events covered by an erasure that still have their part
};

/// Called from time to time with the last position that was verified.
using verify_progress = std::function<void(std::uint64_t position)>;

/// errc::corrupt_log names the first bad event by stream and sequence. `also`, if set, is called
/// with every good event; its error ends the verification.
[[nodiscard]] result<verified_log> verify_log(const event_log& log, const verify_progress& tell,
                                              const event_visitor& also = {});

} // namespace headwater::store
