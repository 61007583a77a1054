#include "tools/snapshot/snapshot.hpp"

#include "store/disk/data_directory.hpp"
#include "tools/terminal/common_options.hpp"
#include "tools/terminal/failure.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

namespace headwater::tools {
namespace {

constexpr const char* group = "snapshot";

void add_server(CLI::App& command, snapshot_options& into) {
  auto* url = command
                  .add_option("--url", into.url,
                              "A running server, such as "
                              "http://127.0.0.1:8080")
                  ->type_name("URL");
  command.add_option("--token-file", into.token_file, "File with an admin's API token")
      ->needs(url)
      ->type_name("FILE");
  command.footer("With --url the API token is read from --token-file, else from HEADWATER_TOKEN.\n"
                 "Exit status: 0 done, 1 refused or something is wrong in the log, 2 it could not "
                 "be done.");
}

void add_data(CLI::App& command, snapshot_options& into, const std::string& help) {
  command.add_option("--data", into.data, help)->type_name("DIR");
  add_readable_data(command, into.allow_readable);
}

void add_catalog(CLI::App& command, const std::string& name, snapshot_options& into) {
  command
      .add_option(name, into.catalog, "Directory of the snapshots; default: snapshots in --data")
      ->type_name("DIR");
}

void add_create(CLI::App& snapshot, snapshot_options& into) {
  auto* create = snapshot.add_subcommand("create", "Makes a snapshot and verifies it");
  add_server(*create, into);
  add_data(*create, into, "The data directory of a server that does not run");
  add_catalog(*create, "--to", into);
  for (const auto* mine : {"--data", "--to"})
    create->get_option(mine)->excludes(create->get_option("--url"));
  create->get_option("--to")->needs(create->get_option("--data"));
}

void add_directory_commands(CLI::App& snapshot, snapshot_options& into) {
  auto* list = snapshot.add_subcommand("list", "Lists the complete snapshots");
  add_server(*list, into);
  add_data(*list, into, "An installation, running or not");
  add_catalog(*list, "--dir", into);
  for (const auto* mine : {"--data", "--dir"})
    list->get_option(mine)->excludes(list->get_option("--url"));
  auto* prune = snapshot.add_subcommand("prune", "Removes the oldest snapshots");
  add_data(*prune, into, "An installation, running or not");
  add_catalog(*prune, "--dir", into);
  prune->add_option("--keep", into.keep, "How many to leave")
      ->required()
      ->check(CLI::Range(1, 1'000'000, "1 to 1000000"))
      ->type_name("N");
}

/// What was noted elsewhere, and the snapshot is held to.
void add_noted(CLI::App& command, snapshot_options& into) {
  command
      .add_option("--manifest-sha256", into.manifest_sha256,
                  "What create printed: nothing in the manifest was changed either")
      ->check(is_given)
      ->type_name("HEX");
  command
      .add_option("--key", into.key,
                  "Verifier key of the log's checkpoints, as GET /checkpoints/key has it, or a "
                  "file with it: one that it signed must be in the snapshot")
      ->check(is_given)
      ->type_name("KEY");
}

void add_snapshot_readers(CLI::App& snapshot, snapshot_options& into) {
  auto* verify = snapshot.add_subcommand("verify", "Checks every file and every event");
  verify->add_option("DIR", into.snapshot, "The snapshot")->required();
  add_noted(*verify, into);
  verify->footer("Exit status: 0 it is whole, 1 it is not, 2 it could not be looked at.");
  auto* restore = snapshot.add_subcommand(
      "restore", "Makes a data directory of a snapshot, after it was verified");
  restore->add_option("--from", into.snapshot, "The snapshot")->required()->type_name("DIR");
  restore->add_option("--data", into.data, "The new data directory: not there, or empty")
      ->required()
      ->type_name("NEW");
  add_readable_data(*restore, into.allow_readable);
  add_noted(*restore, into);
  add_accept_clock(*restore, into.accept_clock);
  restore->footer("Exit status: 0 done, 1 the snapshot is not whole, 2 it could not be restored.");
}

} // namespace

void add_snapshot_commands(CLI::App& root, snapshot_options& into) {
  auto* snapshot = root.add_subcommand(group, "Copies of the whole log: make, check, bring back");
  snapshot->require_subcommand(1);
  add_create(*snapshot, into);
  add_directory_commands(*snapshot, into);
  add_snapshot_readers(*snapshot, into);
}

bool is_snapshot_command(const CLI::App& root) {
  return root.got_subcommand(group);
}

int run_snapshot_command(const CLI::App& root, const snapshot_options& with) {
  const auto& snapshot = *root.get_subcommand(group);
  if (with.allow_readable)
    let_group_read();
  else if (!with.data.empty())
    if (auto closed = store::check_private(with.data); !closed)
      return give_up(closed.error().message);
  if (snapshot.got_subcommand("create"))
    return with.url.empty() ? create_snapshot(with) : request_snapshot(with);
  if (snapshot.got_subcommand("list"))
    return with.url.empty() ? list_snapshots(with) : request_snapshot_list(with);
  if (snapshot.got_subcommand("verify"))
    return verify_snapshot(with);
  return snapshot.got_subcommand("restore") ? restore_snapshot(with) : prune_snapshots(with);
}

} // namespace headwater::tools
