#pragma once

// Options that several subcommands have.

#include <CLI/App.hpp>

#include <string>
#include <sys/stat.h>

namespace headwater::tools {

/// Adds --allow-readable-data to a command with a data directory.
inline void add_readable_data(CLI::App& command, bool& into) {
  command.add_flag("--allow-readable-data", into,
                   "Take a data directory that others than its owner may look into, and let its "
                   "group read new files (umask 027)");
}

/// What --allow-readable-data means for new files: only the signing key stays the owner's alone.
inline void let_group_read() {
  ::umask(S_IWGRP | S_IRWXO);
}

/// Adds --accept-clock to a command that writes events.
inline void add_accept_clock(CLI::App& command, bool& into) {
  command.add_flag(
      "--accept-clock", into,
      "Though the clock is before the log's last event, or over 400 days after all that is known");
}

/// For options that hold something against what was noted elsewhere: a variable of a shell that is
/// empty by mistake must not be taken for an option that is not there.
inline std::string is_given(const std::string& text) {
  return text.empty() ? "it is empty" : "";
}

} // namespace headwater::tools
