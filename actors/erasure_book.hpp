#pragma once

// Which accounts were erased, and how far that has come. Thread-safe; the directory adds to it when
// an erasure is durable, the eraser tells how it goes on, io threads ask it. In memory, because
// there are few.
//
// Invariant: contains() is true from before the erasure is answered, for ever.

#include "domain/accounts/account_erased.hpp"
#include "domain/core/error.hpp"
#include "store/table_store.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::actors {

enum class erasure_status : std::uint8_t { pending = 1, running, done, failed };

/// What is being done: each step ends before the next one begins.
enum class erasure_step : std::uint8_t { closing = 1, events, rows, files };

[[nodiscard]] std::string_view to_string(erasure_status status);
[[nodiscard]] std::string_view to_string(erasure_step step);
inline constexpr erasure_step erasure_steps[] = {erasure_step::closing, erasure_step::events,
                                                 erasure_step::rows, erasure_step::files};

struct erasure_progress {
  accounts::erased_account of;
  erasure_status status = erasure_status::pending;
  erasure_step step = erasure_step::closing; ///< the one under way, or the last one
  std::uint64_t events_erased = 0;
  std::uint64_t events_total = 0; ///< 0: not counted yet
  micros started_at = 0;          ///< 0: not yet
  micros finished_at = 0;         ///< 0: not yet
  std::string reason;             ///< of a failure; it is tried again
};

class erasure_book {
public:
  /// What a log knows: its erased accounts, and how far they had come.
  [[nodiscard]] static result<std::unique_ptr<erasure_book>> load(const store::table_store& tables);

  [[nodiscard]] bool contains(const std::string& account_id) const;
  [[nodiscard]] std::optional<erasure_progress> find(const std::string& account_id) const;
  /// Adds or replaces.
  void put(erasure_progress progress);
  /// In the order in which they were asked for.
  [[nodiscard]] std::vector<erasure_progress> unfinished() const;

  /// Ends the erasure under way as soon as it looks; the service is stopping.
  void stop() { is_stopping_ = true; }
  [[nodiscard]] std::atomic<bool>& is_stopping() { return is_stopping_; }

private:
  mutable std::shared_mutex lock_;
  std::map<std::string, erasure_progress> known_;
  std::atomic<bool> is_empty_ = true;
  std::atomic<bool> is_stopping_ = false;
};

/// "erasure/" account_id -> the progress as canonical JSON, in the operational table: what is lost
/// of it is done again.
[[nodiscard]] std::string erasure_key(std::string_view account_id);
[[nodiscard]] std::string encode(const erasure_progress& progress);
/// Fills all but `of`. errc::corrupt_log.
[[nodiscard]] result<erasure_progress> decode_erasure_progress(std::string_view value);

} // namespace headwater::actors
