#pragma once

// The settings of `headwater serve`: one table defines the flag, the environment variable and the
// key in the TOML file of each.

#include "actors/service.hpp"
#include "http/server/settings.hpp"

#include <CLI/App.hpp>

#include <string>

namespace headwater::tools {

struct settings {
  actors::service_settings service;
  http::settings http;
  std::string lists; ///< a directory with newer lists of sources; empty: those that are shipped
  std::string log_level = "info";
  bool allow_readable_data = false; ///< others may look into the data directory
};

/// Adds all settings to `command` (flag --some-name, environment HEADWATER_SOME_NAME), and to
/// `root` a --config FILE whose top-level keys are the flags' names. A flag overrides the
/// environment, which overrides the file.
void add_settings(CLI::App& root, CLI::App& command, settings& into);

} // namespace headwater::tools
