#pragma once

// Options that several subcommands have.

#include <CLI/App.hpp>

#include <string>

namespace headwater::tools {

/// Adds --allow-readable-data to a command with a data directory.
inline void add_readable_data(CLI::App& command, bool& into) {
  command.add_flag("--allow-readable-data", into,
                   "Take a data directory that others than its owner may look into");
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
