#pragma once

// Replays streams from their first event, using nothing but the log: no table, no snapshot, no
// cache. Blocks on the disk.

#include "domain/rules/rules.hpp"
#include "store/log/event_log.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace headwater::tools {

/// An account's rules at a version. `tell` is called from time to time with the number of events so
/// far. errc::corrupt_log names stream and sequence.
[[nodiscard]] result<attribution::account_rules>
replay_account(const store::event_log& log, const std::string& account_id, std::uint64_t version,
               const std::function<void(std::uint64_t events)>& tell);

struct replayed_streams {
  std::uint64_t streams = 0;
  std::uint64_t events = 0;
  std::uint64_t accounts = 0; ///< streams of rules
  std::uint64_t erased = 0;   ///< accounts whose payloads are gone
  digest hash{};              ///< SHA-256 of all lines
};

struct replay_report {
  /// Receives a line for each stream, with its line end. For an account: write_state_members() in
  /// braces, or {"account_id","erased":true,"version"}. For any other stream, whose events are
  /// decoded without building a state: {"chain","stream","version"}.
  std::function<void(std::string_view line)> line;
  /// Called for a stream that cannot be replayed; the others continue.
  std::function<void(const error& why)> fault;
  std::function<void(std::uint64_t events)> events; ///< called from time to time
};

/// Replays every stream in the order of keys, up to a time. Returns an error only if the streams
/// cannot be listed.
[[nodiscard]] result<replayed_streams> replay_streams(const store::event_log& log, micros until,
                                                      const replay_report& tell);

} // namespace headwater::tools
