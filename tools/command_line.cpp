#include "tools/command_line.hpp"

#include "http/console/console_files.hpp"
#include "tools/terminal/common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

namespace headwater::tools {
namespace {

void add_token_commands(CLI::App& root, token_options& into) {
  auto* tokens = root.add_subcommand("token", "API tokens of a stopped installation");
  tokens->require_subcommand(1);
  auto* create = tokens->add_subcommand("create", "Creates a token for all accounts and prints it");
  create->add_option("--data", into.data, "The installation's data directory")->required();
  add_readable_data(*create, into.allow_readable);
  create->add_option("--name", into.name, "What the token is called")->capture_default_str();
  create->add_option("--role", into.role, "tracker, viewer, editor or admin")
      ->check(CLI::IsMember({"tracker", "viewer", "editor", "admin"}))
      ->capture_default_str();
  add_accept_clock(*create, into.accept_clock);
}

std::string version() {
  return std::string(HEADWATER_VERSION "\nconsole: ") +
         (http::console_files::has_console() ? "yes" : "no");
}

} // namespace

command_line::command_line()
    : root("Headwater: tells a website where its visitors really came from", "headwater") {
  root.set_version_flag("--version", version());
  root.require_subcommand(1);
  root.failure_message(CLI::FailureMessage::help);
  add_settings(root, *root.add_subcommand("serve", "Runs the service on a data directory"), serve);
  add_token_commands(root, token);
  add_log_commands(root, log);
  add_rules_commands(root, rules);
  add_snapshot_commands(root, snapshot);
  add_referrals_commands(root, push);
  root.add_subcommand("man", "Prints the manual; `headwater man | man -l -` shows it");
}

} // namespace headwater::tools
