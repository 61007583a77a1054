#pragma once

// Detects erasures that no checkpoint covers yet, of events that one does cover. Blocks on the
// disk.

#include "store/log/event_log.hpp"

namespace headwater::store {

/// errc::not_found, naming the account and the position of an account_erased after the first
/// `covered` events, if one of those events has already lost its part: the covered events alone
/// cannot show why. Reads the system stream and, of the streams that such erasures name, up to the
/// first event without a part; keeps none of them in memory.
[[nodiscard]] result<void> check_erasures_before_checkpoint(const event_log& log,
                                                            std::uint64_t covered);

} // namespace headwater::store
