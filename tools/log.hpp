#pragma once

// `headwater log verify`: looks an event log over, beside a running server or without one.
// `headwater log show`: prints its events, likewise.
// `headwater log rebuild`: builds the tables anew that were made of it, without a server.

#include <filesystem>
#include <string>

namespace headwater::tools {

struct log_options {
  std::filesystem::path data;
  std::string stream; ///< of `show`: this one only; empty: all
};

/// The exit status: 0 the log is whole, 1 it is not (one line on stderr names stream and sequence),
/// 2 it could not be looked at.
[[nodiscard]] int verify_log(const log_options& with);

/// Prints events in order, a line of JSON each: {"chain","header","part","salt"}, where header and
/// part are the very bytes that are hashed, and part and salt null once erased. The same exit
/// status.
[[nodiscard]] int show_log(const log_options& with);

/// Drops every table that is made of the log and builds it anew; a rebuild that is cut short is
/// done again by the next start. The same exit status.
[[nodiscard]] int rebuild_log(const log_options& with);

} // namespace headwater::tools
