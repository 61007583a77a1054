#pragma once

// The settings of `headwater serve`: one table gives each its flag, its environment variable and
// its key in the TOML file.

#include "actors/service.hpp"
#include "http/server/settings.hpp"

#include <CLI/App.hpp>

#include <string>

namespace headwater::tools {

struct settings {
  actors::service_settings service;
  http::settings http;
  std::string log_level = "info";
};

/// Adds all settings to `command` (flag --some-name, environment HEADWATER_SOME_NAME), and to
/// `root` a --config FILE whose top-level keys are the flags' names. A flag wins over the
/// environment, and that over the file.
void add_settings(CLI::App& root, CLI::App& command, settings& into);

} // namespace headwater::tools
