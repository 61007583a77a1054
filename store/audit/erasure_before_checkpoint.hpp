#pragma once

// Erasures that a checkpoint does not cover, of events that it does. Blocks on the disk.

#include "store/log/event_log.hpp"

namespace headwater::store {

/// errc::not_found names the account and the place of an account_erased behind the first `covered`
/// events, if one of these has lost its part to it already: they alone cannot show why it is gone.
/// Reads the system stream, and the streams that such erasures name as far as the first event
/// without a part; keeps none of them.
[[nodiscard]] result<void> check_erasures_before_checkpoint(const event_log& log,
                                                            std::uint64_t covered);

} // namespace headwater::store
