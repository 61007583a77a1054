#pragma once

// What is known of a log from what its writers noted: which commands were tried, which were
// acknowledged, and what else they were promised. Kept by a script about itself, and by the
// inspector about all processes that wrote to a directory.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace headwater::store::testing {

/// A command that was given to a log.
struct known_command {
  std::string stream;
  std::uint64_t first = 0; ///< its first sequence
  std::uint64_t events = 0;
  bool is_acknowledged = false;

  [[nodiscard]] std::uint64_t last() const { return first + events - 1; }
};

struct known_log {
  std::map<std::uint64_t, known_command> commands; ///< by number; those refused for certain are out
  std::map<std::string, std::uint64_t> erasing;    ///< streams, and up to which sequence
  std::map<std::string, std::uint64_t> erased;     ///< the same, where it ended
  std::uint64_t checkpoint = 0;                    ///< events that the last one covers
  std::set<std::string> snapshots;                 ///< made, and not to be removed since
  std::set<std::string> restored;                  ///< directories
  bool has_key = false;

  /// Takes note of what a process noted; other notes change nothing.
  void learn(const std::string& note);

  [[nodiscard]] std::uint64_t next_command() const {
    return commands.empty() ? 1 : commands.rbegin()->first + 1;
  }
};

/// The payload of an event of a command, as canonical JSON.
[[nodiscard]] std::string payload_of(std::uint64_t command, std::uint64_t event);
[[nodiscard]] std::string key_of(std::uint64_t command);
[[nodiscard]] std::string row_of(std::uint64_t command);

} // namespace headwater::store::testing
