#pragma once

// Looks a whole log over: positions without a gap, and for each stream sequences without a gap,
// payload hashes, and the chain computed anew from 32 zero bytes (DESIGN, "Event log"). A payload
// part that is gone must be accounted for by an account_erased, and the kept head of each stream,
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
  std::uint64_t to_erase = 0; ///< events that an erasure covers and that have their part still
};

/// Called now and then with the last position that was verified.
using verify_progress = std::function<void(std::uint64_t position)>;

/// errc::corrupt_log names the first event that is wrong by stream and sequence. `also`, if there
/// is one, gets every event that is found good; its error ends the look.
[[nodiscard]] result<verified_log> verify_log(const event_log& log, const verify_progress& tell,
                                              const event_visitor& also = {});

} // namespace headwater::store
