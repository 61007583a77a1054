// headwater: one program with subcommands. This file is the composition root of them all.

#include "tools/descriptors.hpp"
#include "tools/log/log.hpp"
#include "tools/referrals/referrals.hpp"
#include "tools/rules/rules.hpp"
#include "tools/serve.hpp"
#include "tools/settings.hpp"
#include "tools/snapshot/snapshot.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/token.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#ifdef HEADWATER_MIMALLOC
#include <mimalloc.h>
#endif

#include <csignal>
#include <exception>
#include <iostream>

namespace {

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
  CLI::App root{"Headwater: tells a website where its visitors really came from", "headwater"};
  root.set_version_flag("--version", HEADWATER_VERSION);
  root.require_subcommand(1);
  root.failure_message(CLI::FailureMessage::help);

  headwater::tools::settings settings;
  auto* serve = root.add_subcommand("serve", "Runs the service on a data directory");
  headwater::tools::add_settings(root, *serve, settings);

  headwater::tools::token_options token;
  auto* tokens = root.add_subcommand("token", "API tokens of a stopped installation");
  tokens->require_subcommand(1);
  auto* create = tokens->add_subcommand("create", "Creates a token for all accounts and prints it");
  create->add_option("--data", token.data, "The installation's data directory")->required();
  create->add_option("--name", token.name, "What the token is called")->capture_default_str();
  create->add_option("--role", token.role, "tracker, viewer, editor or admin")
      ->capture_default_str();

  headwater::tools::log_options log;
  headwater::tools::add_log_commands(root, log);

  headwater::tools::rules_commands rules;
  headwater::tools::add_rules_commands(root, rules);

  headwater::tools::snapshot_options snapshot;
  headwater::tools::add_snapshot_commands(root, snapshot);

  headwater::tools::push_options push;
  headwater::tools::add_referrals_commands(root, push);

  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& what) {
    return root.exit(what) == 0 ? 0 : headwater::tools::could_not; // 0: --help and --version
  }
  set_up_logging();
  ignore_signals();
  if (*serve)
    return headwater::tools::serve(settings); // raises the limit of open files by its settings
  headwater::tools::raise_descriptor_limit();
  // The caller must learn if the output was not written completely.
  using headwater::tools::with_output_written;
  if (headwater::tools::is_rules_command(root))
    return with_output_written(headwater::tools::run_rules_command(root, rules));
  if (headwater::tools::is_referrals_command(root))
    return with_output_written(headwater::tools::run_referrals_command(push));
  if (headwater::tools::is_snapshot_command(root))
    return with_output_written(headwater::tools::run_snapshot_command(root, snapshot));
  if (headwater::tools::is_log_command(root))
    return with_output_written(headwater::tools::run_log_command(root, log));
  return headwater::tools::create_token(token);
}

} // namespace

int main(int argc, char** argv) {
  set_up_allocator();
  try {
    return run(argc, argv);
  } catch (const std::exception& what) {
    std::cerr << "headwater: " << what.what() << '\n';
    return 1;
  }
}
