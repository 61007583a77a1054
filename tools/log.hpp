#pragma once

// `headwater log verify`: looks an event log over, beside a running server or without one.
// `headwater log rebuild`: builds the tables anew that were made of it, without a server.

#include <filesystem>

namespace headwater::tools {

struct log_options {
  std::filesystem::path data;
};

/// The exit status: 0 the log is whole, 1 it is not (one line on stderr names stream and sequence),
/// 2 it could not be looked at.
[[nodiscard]] int verify_log(const log_options& with);

/// Drops every table that is made of the log and builds it anew; a rebuild that is cut short is
/// done again by the next start. The same exit status.
[[nodiscard]] int rebuild_log(const log_options& with);

} // namespace headwater::tools
