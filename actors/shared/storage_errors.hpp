#pragma once

// Stored data that could not be read or written, for /readyz and /metrics: one account or report
// fails, everything else goes on, so only these tell the operator. Thread-safe.

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <prometheus/counter.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace headwater::actors {

/// Whether the error is about stored data: errc::corrupt_log, errc::io_failed or
/// errc::incompatible_data.
[[nodiscard]] bool is_storage_error(const error& why) noexcept;

/// What /readyz shows to operators.
struct storage_error_report {
  std::uint64_t count = 0; ///< since the start, repetitions included
  std::string last;        ///< the last one: stream and sequence, or table, and the file
  micros last_at = 0;
};

class storage_errors {
public:
  /// `total` is increased with each error.
  explicit storage_errors(prometheus::Counter& total) : total_(total) {}

  /// Counts the error if it is about stored data; ignores any other.
  void add(const error& why);

  /// Nothing if there was no error.
  [[nodiscard]] std::optional<storage_error_report> report() const;

private:
  prometheus::Counter& total_;
  mutable std::mutex mutex_;
  storage_error_report report_;
};

} // namespace headwater::actors
