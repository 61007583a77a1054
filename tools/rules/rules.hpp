#pragma once

// `headwater rules import|export|preset`: copies all rules of a kind between a file and a running
// server, or adds those of a preset.

#include <CLI/App.hpp>

#include <string>

namespace headwater::tools {

struct rules_options {
  std::string file;   ///< "-": standard input or output
  std::string format; ///< csv or json; empty: by the file's name, else json
  std::string account;
  std::string kind;
  std::string url = "http://127.0.0.1:8080";
  std::string token_file;
  std::string mode = "merge";
  bool dry_run = false;
  bool strict = false;
  bool allow_empty = false;
  std::string preset; ///< the pack's name
};

/// The options of all: environment variables are read for all, whichever is run.
struct rules_commands {
  rules_options import;
  rules_options export_;
  rules_options preset;
};

/// Adds the subcommands to `root`. `chosen` returns the exit status of the one that was run: 0
/// done, 1 refused by the server (faults of the file on stderr, by line), 2 it could not be tried
/// or its outcome is unknown.
void add_rules_commands(CLI::App& root, rules_commands& into);
[[nodiscard]] bool is_rules_command(const CLI::App& root);
[[nodiscard]] int run_rules_command(const CLI::App& root, const rules_commands& with);

} // namespace headwater::tools
