#pragma once

// How far the erasure of an account has got: a value, and the record stored for it.

#include "domain/accounts/account_erased.hpp"
#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::actors {

enum class erasure_status : std::uint8_t { pending = 1, running, done, failed };

/// The steps; each ends before the next one begins.
enum class erasure_step : std::uint8_t { closing = 1, events, rows, files };

[[nodiscard]] std::string_view to_string(erasure_status status);
[[nodiscard]] std::string_view to_string(erasure_step step);
inline constexpr erasure_step erasure_steps[] = {erasure_step::closing, erasure_step::events,
                                                 erasure_step::rows, erasure_step::files};

struct erasure_progress {
  accounts::erased_account of;
  erasure_status status = erasure_status::pending;
  erasure_step step = erasure_step::closing; ///< the current one, or the last one
  std::uint64_t events_erased = 0;
  std::uint64_t events_total = 0; ///< 0: not counted yet
  micros started_at = 0;          ///< 0: not yet
  micros finished_at = 0;         ///< 0: not yet
  std::string reason;             ///< of a failure, after which it is tried again
};

/// "erasure/" account_id -> the progress as canonical JSON, in the table of side facts. If it is
/// lost, the steps are done again.
[[nodiscard]] std::string erasure_key(std::string_view account_id);
[[nodiscard]] std::string encode(const erasure_progress& progress);
/// Fills in all members except `of`. errc::corrupt_log.
[[nodiscard]] result<erasure_progress> decode_erasure_progress(std::string_view value);

} // namespace headwater::actors
