// headwater: one program with subcommands. This file is the composition root of them all.

#include "tools/command_line.hpp"
#include "tools/descriptors.hpp"
#include "tools/manual_page.hpp"
#include "tools/serve.hpp"
#include "tools/terminal/failure.hpp"

#include <CLI/Error.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#ifdef HEADWATER_MIMALLOC
#include <mimalloc.h>
#endif

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace {

/// Whatever a command makes is for its owner alone: databases, keys, exports, snapshots. Called
/// before there is another thread.
void keep_files_private() {
  ::umask(S_IRWXG | S_IRWXO);
}

/// Log lines go to stderr in UTC, as "time level message".
void set_up_logging() {
  auto logger = spdlog::stderr_logger_mt("headwater");
  spdlog::set_default_logger(logger);
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::flush_on(spdlog::level::warn);
}

/// A client that leaves, or a file size limit, is an error to handle, not a reason to end.
void ignore_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

/// Keeps freed memory for a second: batches of some megabytes come one after the other, and the
/// system clears every page that it hands out again.
void set_up_allocator() {
#ifdef HEADWATER_MIMALLOC
  constexpr long milliseconds = 1000;
  mi_option_set(mi_option_decommit_delay, milliseconds);
#endif
}

int run(int argc, char** argv) {
  using namespace headwater::tools;
  command_line line;
  auto& root = line.root;
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& what) {
    if (const std::string_view first = argc > 1 ? argv[1] : ""; // where no command is known
        root.get_subcommands().empty() && !first.empty() && first.front() != '-')
      return give_up("there is no command '" + std::string(first) + "'; --help lists them");
    return root.exit(what) == 0 ? 0 : could_not; // 0: --help and --version
  }
  set_up_logging();
  ignore_signals();
  if (root.got_subcommand("serve"))
    return serve(line.serve); // raises the limit of open files by its settings
  raise_descriptor_limit();
  // The caller must learn if the output was not written completely.
  if (root.got_subcommand("man")) {
    std::cout << manual_page(root);
    return with_output_written(0);
  }
  if (is_rules_command(root))
    return with_output_written(run_rules_command(root, line.rules));
  if (is_referrals_command(root))
    return with_output_written(run_referrals_command(line.push));
  if (is_snapshot_command(root))
    return with_output_written(run_snapshot_command(root, line.snapshot));
  if (is_log_command(root))
    return with_output_written(run_log_command(root, line.log));
  return create_token(line.token);
}

} // namespace

int main(int argc, char** argv) {
  keep_files_private();
  set_up_allocator();
  try {
    return run(argc, argv);
  } catch (const std::exception& what) {
    std::cerr << "headwater: " << what.what() << '\n';
    return 1;
  }
}
