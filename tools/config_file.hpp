#pragma once

// The TOML file of settings that --config names.

#include <CLI/App.hpp>

#include <memory>
#include <string>

namespace headwater::tools {

/// HEADWATER_ and the name of the flag in capitals, with _ for -.
[[nodiscard]] std::string environment_name(std::string flag);

/// Reads the file's keys as settings of the subcommand, so that the file needs no section. A key
/// whose environment variable is set is left out: CLI11 itself would let the file win. It throws
/// CLI::ConfigError for what is no setting, and says the number of the line, not its text, which
/// may be of any file that this program can read. `command` must outlive it.
[[nodiscard]] std::shared_ptr<CLI::Config> config_file_of(const CLI::App& command);

} // namespace headwater::tools
