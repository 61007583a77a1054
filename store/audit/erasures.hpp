#pragma once

// Which missing payload parts the erasures in a log explain (domain/accounts/account_erased.hpp). A
// part that is gone without an account_erased naming it was lost, not erased. Values; read_erasures
// blocks.

#include "domain/accounts/account_erased.hpp"
#include "store/log/event_log.hpp"

#include <map>
#include <optional>
#include <set>

namespace headwater::store {

/// The stream that contains the erasures.
inline constexpr const char* system_stream = "system";

class erasures {
public:
  /// Takes note of an event if it is an account_erased; any others may be passed, too.
  /// errc::corrupt_log names the event.
  [[nodiscard]] result<void> add(const recorded_event& event);

  /// Whether an erasure removes the part of this event. An erasure only covers events before it.
  [[nodiscard]] bool covers(const event_header& header) const;

  [[nodiscard]] bool empty() const { return streams_.empty(); }
  /// The erased streams, each with the position up to which it was erased.
  [[nodiscard]] const std::map<stream_name, std::uint64_t>& streams() const { return streams_; }

private:
  std::map<stream_name, std::uint64_t> streams_; ///< whole ones, up to a position
  std::set<std::uint64_t> system_events_;        ///< by sequence
};

/// All erasures of a log: reads its system stream.
[[nodiscard]] result<erasures> read_erasures(const event_log& log);

/// The account_erased at this sequence of the system stream. errc::corrupt_log.
[[nodiscard]] result<accounts::account_erased> read_erasure(const event_log& log,
                                                            std::uint64_t sequence);

/// Tells erased events from lost ones; reads the erasures when it meets the first event without a
/// part.
class erasure_check {
public:
  explicit erasure_check(const event_log& log) : log_(log) {}

  /// errc::corrupt_log names an event whose part is gone although no erasure covers it.
  [[nodiscard]] result<void> operator()(const recorded_event& event);

private:
  const event_log& log_;
  std::optional<erasures> known_;
};

/// errc::corrupt_log for an event that lost its part without an erasure.
[[nodiscard]] error lost_part(const event_header& header);

} // namespace headwater::store
