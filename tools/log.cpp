#include "tools/log.hpp"

#include "tools/failure.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace headwater::tools {
namespace {

constexpr int violated = 1;
constexpr int could_not_run = 2;

struct command {
  const char* name;
  const char* help;
  int (*run)(const log_options&);
};

constexpr command commands[] = {
    {"verify", "Checks every event, its hash and its chain, the Merkle tree and all checkpoints",
     verify_log},
    {"rebuild", "Builds the tables anew that were made of the log; the server must not run",
     rebuild_log},
    {"show", "Prints every event as a line of JSON", show_log},
    {"export", "Writes events into a file that proves itself elsewhere", export_log},
    {"verify-export", "Checks such a file; needs no data directory", verify_export},
};

} // namespace

int log_failure(const error& why) {
  failure(why);
  return why.code == errc::corrupt_log ? violated : could_not_run;
}

result<std::optional<note_verifier>> given_key(const std::string& text) {
  if (text.empty())
    return std::optional<note_verifier>{};
  auto key = note_verifier::parse(text);
  if (!key)
    return error{key.error().code, "--key: " + key.error().message};
  return std::optional{std::move(*key)};
}

void add_log_commands(CLI::App& root, log_options& into) {
  auto* logs = root.add_subcommand("log", "The event log of an installation, running or not");
  logs->require_subcommand(1);
  for (const auto& each : commands) {
    auto* added = logs->add_subcommand(each.name, each.help);
    if (each.run != verify_export)
      added->add_option("--data", into.data, "The installation's data directory")->required();
  }
  logs->get_subcommand("show")->add_option("--stream", into.stream,
                                           "Only this one: system, account/ID or connection/ULID");
  logs->get_subcommand("verify")->add_option(
      "--key", into.key,
      "Verifier key of the checkpoints, as GET /checkpoints/key has it; without it, that of the "
      "data directory's signing key");
  auto* exported = logs->get_subcommand("export");
  auto* what = exported->add_option_group("what");
  what->add_option("--account", into.account, "The events of this account");
  what->add_option("--connection", into.connection, "The events of this connection");
  what->add_flag("--all", into.all, "All events, those of the system too");
  what->require_option(1);
  exported->add_option("-o,--output", into.file, "Where to write")->required();
  auto* checked = logs->get_subcommand("verify-export");
  checked->add_option("FILE", into.file, "What `headwater log export` wrote")->required();
  checked->add_option("--key", into.key, "Verifier key, as GET /checkpoints/key has it")
      ->required();
}

bool is_log_command(const CLI::App& root) {
  return root.got_subcommand("log");
}

int run_log_command(const CLI::App& root, const log_options& with) {
  for (const auto& each : commands)
    if (root.get_subcommand("log")->got_subcommand(each.name))
      return each.run(with);
  return could_not_run;
}

} // namespace headwater::tools
