// Implements `headwater log verify` of log.hpp.

#include "domain/core/try.hpp"
#include "domain/proofs/checkpoint.hpp"
#include "snapshots/state_check.hpp"
#include "store/audit/verify.hpp"
#include "store/audit/verify_tree.hpp"
#include "store/disk/data_directory.hpp"
#include "store/disk/head_file.hpp"
#include "store/disk/key_file.hpp"
#include "store/open_log.hpp"
#include "tools/log/log.hpp"
#include "tools/terminal/given_key.hpp"
#include "tools/terminal/progress.hpp"

#include <iostream>

namespace headwater::tools {
namespace {

/// The given key, or the public part of the installation's own.
result<std::optional<note_verifier>> key_of(const log_options& with) {
  auto given = given_key(with.key);
  if (!given || *given)
    return given;
  auto own = store::read_key_file(with.data);
  if (!own)
    return error{own.error().code, own.error().message + "; give the verifier key with --key"};
  return *own ? std::optional{(*own)->verifier} : std::nullopt;
}

/// A damaged block that ended another check; the check of the table files names the table and what
/// mends it.
int tell_fault(const store::log_engine& of, const error& why) {
  if (why.code != errc::corrupt_log)
    return log_failure(why);
  const auto checked = of.check_tables({});
  return log_failure(checked ? why : checked.error());
}

void say(const store::verified_log& log, const store::verified_tree& tree,
         const std::optional<note_verifier>& key, std::uint64_t states) {
  std::cout << "verified " << log.events << " events in " << log.streams << " streams";
  if (log.erased > 0)
    std::cout << ", " << log.erased << " of them erased";
  if (log.to_erase > 0)
    std::cout
        << ", " << log.to_erase
        << " that an erasure covers and that still have their payload (the server goes on with it)";
  std::cout << "; " << tree.checkpoints << " checkpoints";
  if (key && tree.unchecked < tree.checkpoints)
    std::cout << ", signed by " << key->name() << " up to event " << tree.proven;
  if (tree.unchecked > 0)
    std::cout << ", " << tree.unchecked << " of them by another key, whose signature is unchecked";
  std::cout << "; a Merkle tree of " << tree.size << " events";
  if (states > 0)
    std::cout << "; " << states << " kept states that a replay gives, too";
  std::cout << '\n';
}

} // namespace

int verify_log(const log_options& with) {
  const auto opened = store::open_whole_log_to_read(with.data);
  if (!opened)
    return log_failure(opened.error());
  const auto& log = (*opened)->events();
  const auto& tables = (*opened)->tables();
  auto key = key_of(with);
  if (!key)
    return log_failure(key.error());
  auto held = given_checkpoint(with.checkpoint, *key);
  if (!held)
    return log_failure(held.error());
  store::tree_verifier tree{tables, *key};
  if (*held)
    tree.compare_with(**held);
  if (auto begun = tree.begin(); !begun)
    return tell_fault(**opened, begun.error());
  progress bar;
  const auto end = log.end().position;
  auto verified = store::verify_log(
      log, [&](std::uint64_t position) { bar.show("verifying", position, end); },
      [&](const store::recorded_event& event) { return tree.add(event.chain); });
  bar.clear();
  if (!verified)
    return log_failure(verified.error());
  auto grown = tree.finish();
  if (!grown)
    return tell_fault(**opened, grown.error());
  // Giving a key means asking whether this is the log that it has signed.
  if (!with.key.empty() && grown->checkpoints == 0)
    return log_failure({errc::not_found, "there is no checkpoint in this log yet that --key could "
                                         "be held to; the events are whole"});
  if (!with.key.empty() && grown->proven == 0)
    return log_failure({errc::corrupt_log, "no checkpoint of this log is signed by the key " +
                                               std::string{(*key)->name()}});
  const auto tables_checked =
      (*opened)->check_tables([&](std::uint64_t done, std::uint64_t of) -> result<void> {
        bar.show("checking tables", done, of);
        return {};
      });
  bar.clear();
  if (!tables_checked)
    return log_failure(tables_checked.error());
  const auto states = snapshots::check_states(log, tables, [&](std::uint64_t accounts) {
    bar.say("replaying, account " + std::to_string(accounts));
  });
  bar.clear();
  if (!states)
    return log_failure(states.error());
  say(*verified, *grown, *key, *states);
  if (const auto head = store::read_head(store::head_path(with.data)); head && head->position < end)
    std::cout
        << end - head->position
        << " of the events come after the last one that HEAD names, as after a power cut; they "
           "are shown once the server has been started\n";
  if (const auto damaged = store::has_damaged_slot(store::head_path(with.data));
      damaged && *damaged)
    std::cout << "one of the two slots of HEAD is damaged, as after a power cut in the middle of a "
                 "write; the server's next change mends it\n";
  if (*held)
    std::cout << "the given checkpoint of " << (*held)->size << " events is of this log\n";
  return 0;
}

} // namespace headwater::tools
