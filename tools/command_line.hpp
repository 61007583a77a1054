#pragma once

// The command line of the program: the tree of its subcommands and the options that they fill in.
// main() runs it, and the manual page is made from it.

#include "tools/log/log.hpp"
#include "tools/referrals/referrals.hpp"
#include "tools/rules/rules.hpp"
#include "tools/settings.hpp"
#include "tools/snapshot/snapshot.hpp"
#include "tools/token.hpp"

#include <CLI/App.hpp>

namespace headwater::tools {

struct command_line {
  command_line();
  command_line(const command_line&) = delete; // the tree points at what stands beside it
  command_line& operator=(const command_line&) = delete;

  CLI::App root;
  settings serve;
  token_options token;
  log_options log;
  rules_commands rules;
  snapshot_options snapshot;
  push_options push;
};

} // namespace headwater::tools
