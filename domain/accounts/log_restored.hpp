#pragma once

// The first event after a restore: which snapshot the log continues from, and which log that was a
// snapshot of. A pure value; its layout is in FORMATS.md.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::accounts {

/// The snapshot: where it ends, and when it was made.
struct restored_from {
  std::uint64_t position = 0;
  digest chain{};
  micros created_at = 0;

  bool operator==(const restored_from&) const = default;
};

struct log_restored {
  restored_from snapshot;
  std::optional<std::string> old_origin;     ///< of the log that the snapshot was taken from
  std::optional<std::string> old_checkpoint; ///< the last one signed there

  bool operator==(const log_restored&) const = default;
};

/// The payload as canonical JSON.
[[nodiscard]] std::string write_log_restored(const log_restored& event);
/// Takes only what write_log_restored writes; errc::corrupt_log.
[[nodiscard]] result<log_restored> read_log_restored(std::string_view payload);

} // namespace headwater::accounts
