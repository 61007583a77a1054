#include "tools/log/log.hpp"

#include "actors/views/projections.hpp"
#include "store/disk/data_directory.hpp"
#include "tools/terminal/common_options.hpp"
#include "tools/terminal/failure.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

namespace headwater::tools {
namespace {

struct command {
  const char* name;
  const char* help;
  int (*run)(const log_options&);
  const char* exits; ///< what its exit status means
};

constexpr const char* for_a_reader =
    "Exit status: 0 done, 1 the log is damaged at the place that is named, 2 it could not be done.";
constexpr const char* for_a_check = "Exit status: 0 the log is whole, 1 it is damaged at the place "
                                    "that is printed, 2 it could not be read.";

constexpr command commands[] = {
    {"verify",
     "Checks every event, its hash and its chain, the Merkle tree, all checkpoints, and the "
     "checksums of all tables",
     verify_log, for_a_check},
    {"rebuild", "Rebuilds the tables from the log; the server must not run", rebuild_log,
     for_a_reader},
    {"show", "Prints events, all or some", show_log, for_a_reader},
    {"replay", "Replays an account, or all, and prints the hash of the state", replay_log,
     for_a_reader},
    {"diff", "Shows how an account's rules changed between two points", diff_log, for_a_reader},
    {"export", "Writes events into a file that can be verified elsewhere", export_log,
     for_a_reader},
    {"verify-export", "Checks such a file; needs no data directory", verify_export, for_a_check},
};

void add_show(CLI::App& to, log_options& into) {
  auto* which = to.add_option_group("which", "One stream; without any of these, all of them");
  which->add_option("--account", into.account, "The events of this account");
  which->add_option("--connection", into.connection, "The events of this connection");
  which->add_flag("--system", into.system, "The events of accounts, tokens and brands");
  which->add_option("--stream", into.stream, "By name: system, account/ID or connection/ULID");
  which->require_option(0, 1);
  to.add_option("--type", into.type, "Events of this type only");
  to.add_option("--from", into.from, "Events at or after this RFC 3339 time");
  to.add_option("--to", into.to, "Events at or before this RFC 3339 time");
  to.add_option("--after", into.after,
                "Events behind this sequence of the stream, or behind this position of all");
  to.add_option("--limit", into.limit, "That many events at most")->check(CLI::PositiveNumber);
  auto* form =
      to.add_option_group("form", "Without these: readable text on a terminal, JSON elsewhere");
  form->add_flag("--json", into.json, "A line of JSON each, with the very bytes that are hashed");
  form->add_flag("--human", into.human, "For people");
  form->require_option(0, 1);
}

void add_replay(CLI::App& to, log_options& into) {
  auto* account = to.add_option("--account", into.account, "This account; without it, all streams");
  to.add_option("--as-of", into.as_of, "A version of the account, or an RFC 3339 time");
  to.add_flag("--state", into.state, "Prints the whole state, whose SHA-256 is the state hash")
      ->needs(account);
  to.add_flag("--json", into.json, "As JSON; of all streams a line each, and one in the end");
}

void add_diff(CLI::App& to, log_options& into) {
  to.add_option("--account", into.account, "This account")->required();
  to.add_option("--from", into.from, "A version of the account, or an RFC 3339 time")->required();
  to.add_option("--to", into.to, "The same; without it, now");
  to.add_flag("--json", into.json, "As GET /accounts/ID/diff answers it");
}

/// A checkpoint that `verify` and `verify-export` compare with.
void add_checkpoint(CLI::App& to, log_options& into, const std::string& what_it_must) {
  to.add_option("--checkpoint", into.checkpoint,
                "A checkpoint that was kept elsewhere, as GET /checkpoints/N has it: " +
                    what_it_must + "; - is standard input")
      ->check(is_given)
      ->type_name("FILE");
}

void add_verify(CLI::App& to, log_options& into) {
  to.add_option(
        "--key", into.key,
        "Verifier key of the checkpoints, as GET /checkpoints/key has it, or a file with it; "
        "without it, that of the data directory's signing key")
      ->check(is_given);
  add_checkpoint(to, into, "the log must still hold all that it proves");
}

void add_export(CLI::App& to, log_options& into) {
  auto* what = to.add_option_group("what");
  what->add_option("--account", into.account, "The events of this account");
  what->add_option("--connection", into.connection, "The events of this connection");
  what->add_flag("--all", into.all, "All events, those of the system too");
  what->require_option(1);
  to.add_option("-o,--output", into.file, "Where to write; /dev/stdout for a pipe")->required();
}

void add_verify_export(CLI::App& to, log_options& into) {
  to.add_option("FILE", into.file, "What `headwater log export` wrote")->required();
  to.add_option("--key", into.key,
                "Verifier key, as GET /checkpoints/key has it, or a file with it")
      ->check(is_given)
      ->required();
  to.add_option("--account", into.account, "Refuses the export of anything else than this account")
      ->check(is_given);
  add_checkpoint(to, into, "the export must be of the same history");
}

} // namespace

int log_failure(const error& why) {
  failure(why);
  return why.code == errc::corrupt_log ? violated : could_not;
}

store::stream_name wanted_stream(const log_options& with) {
  if (!with.account.empty())
    return actors::account_stream(with.account);
  if (!with.connection.empty())
    return actors::connection_stream(with.connection);
  return with.system ? store::stream_name{actors::system_stream} : with.stream;
}

void add_log_commands(CLI::App& root, log_options& into) {
  auto* logs = root.add_subcommand("log", "The event log of an installation, running or not");
  logs->require_subcommand(1);
  for (const auto& each : commands) {
    auto* added = logs->add_subcommand(each.name, each.help);
    added->footer(each.exits);
    if (each.run == verify_export)
      continue;
    added->add_option("--data", into.data, "The installation's data directory")->required();
    add_readable_data(*added, into.allow_readable);
  }
  add_show(*logs->get_subcommand("show"), into);
  add_replay(*logs->get_subcommand("replay"), into);
  add_diff(*logs->get_subcommand("diff"), into);
  add_verify(*logs->get_subcommand("verify"), into);
  add_export(*logs->get_subcommand("export"), into);
  add_verify_export(*logs->get_subcommand("verify-export"), into);
}

bool is_log_command(const CLI::App& root) {
  return root.got_subcommand("log");
}

int run_log_command(const CLI::App& root, const log_options& with) {
  if (with.allow_readable)
    let_group_read();
  else if (!with.data.empty())
    if (auto closed = store::check_private(with.data); !closed)
      return log_failure(closed.error());
  for (const auto& each : commands)
    if (root.get_subcommand("log")->got_subcommand(each.name))
      return each.run(with);
  return could_not;
}

} // namespace headwater::tools
