#pragma once

// `headwater log verify`: looks an event log over, beside a running server or without one.

#include <filesystem>

namespace headwater::tools {

struct log_options {
  std::filesystem::path data;
};

/// The exit status: 0 the log is whole, 1 it is not (one line on stderr names stream and sequence),
/// 2 it could not be looked at.
[[nodiscard]] int verify_log(const log_options& with);

} // namespace headwater::tools
