#pragma once

// What the erasures in a log account for (domain/accounts/account_erased.hpp). A payload part that
// is gone and that no account_erased names was lost, not erased. Values; read_erasures blocks.

#include "domain/accounts/account_erased.hpp"
#include "store/log/event_log.hpp"

#include <map>
#include <optional>
#include <set>

namespace headwater::store {

/// Where erasures are events.
inline constexpr const char* system_stream = "system";

class erasures {
public:
  /// Takes note of an event if it is an account_erased; all others may be given, too.
  /// errc::corrupt_log names the event.
  [[nodiscard]] result<void> add(const recorded_event& event);

  /// Whether the part of this event goes, or is gone. An erasure speaks of the past alone.
  [[nodiscard]] bool covers(const event_header& header) const;

  [[nodiscard]] bool empty() const { return streams_.empty(); }
  /// The streams that were erased, and where.
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

/// Tells erased events from lost ones; reads the erasures when it meets the first without a part.
class erasure_check {
public:
  explicit erasure_check(const event_log& log) : log_(log) {}

  /// errc::corrupt_log names an event whose part is gone and that no erasure covers.
  [[nodiscard]] result<void> operator()(const recorded_event& event);

private:
  const event_log& log_;
  std::optional<erasures> known_;
};

/// errc::corrupt_log for an event whose part nobody erased.
[[nodiscard]] error lost_part(const event_header& header);

} // namespace headwater::store
