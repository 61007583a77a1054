#pragma once

// Options that several subcommands have.

#include <CLI/App.hpp>

namespace headwater::tools {

/// Adds --allow-readable-data to a command with a data directory.
inline void add_readable_data(CLI::App& command, bool& into) {
  command.add_flag("--allow-readable-data", into,
                   "Take a data directory that others than its owner may look into");
}

} // namespace headwater::tools
