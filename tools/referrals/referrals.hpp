#pragma once

// `headwater referrals push`: sends an export of an analytics tool to a connection of a running
// server.

#include <CLI/App.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace headwater::tools {

struct push_options {
  std::string file; ///< "-": standard input
  std::string format;
  std::vector<std::string> maps; ///< "column=field"
  std::string date_format;
  std::string decimal = "point";
  std::string url = "http://127.0.0.1:8080";
  std::string token_file;
  std::int64_t brand = 0;
  std::string connection;
  std::size_t batch_size = 10'000;
  std::string batch_id;
  unsigned retries = 8;
  bool dry_run = false;
  bool skip_bad = false;
  bool json = false;
};

/// Adds the subcommand to `root`. Its exit status: 0 all rows accepted, not counting rejected
/// referrers; 1 the server refused, or some rows are unreadable; 2 it could not be tried or
/// completed.
void add_referrals_commands(CLI::App& root, push_options& into);
[[nodiscard]] bool is_referrals_command(const CLI::App& root);
[[nodiscard]] int run_referrals_command(const push_options& with);

} // namespace headwater::tools
