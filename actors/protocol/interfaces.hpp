#pragma once

// Every actor of the service by its typed handle, with one line for each message that it takes. The
// values in them are defined in *_messages.hpp; they never leave the process, so they need no
// serialisation.
//
//   http -> registry -> account  -> journal      rules
//   http -> importer                             documents of imports, read before the account
//   decides http -> directory            -> journal      accounts, brands and their platforms, API
//   tokens http -> connections -> ingest -> journal     AI-referral connections and pushes anyone
//   -> reader                             blocking reads of the log and its projections http ->
//   fair_queue -> reader                 slow reads; accounts take turns service -> checkpointer
//   the Merkle tree and its signed checkpoints account, http -> compiler compiled rules, so that no
//   request waits for them account, registry -> state_writer            states of accounts, to load
//   them faster the next time http -> snapshotter                          copies of the whole log
//   directory -> eraser -> registry, ingest      removing the data of erased accounts

#include "actors/protocol/directory_messages.hpp"
#include "actors/protocol/log_messages.hpp"
#include "actors/protocol/referral_messages.hpp"
#include "actors/protocol/rule_messages.hpp"

#include <caf/atom.hpp>
#include <caf/typed_actor.hpp>

#include <cstddef>

namespace headwater::actors {

using flush_atom = caf::atom_constant<caf::atom("flush")>;
using sync_head_atom = caf::atom_constant<caf::atom("sync_head")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using sweep_atom = caf::atom_constant<caf::atom("sweep")>;
using passivate_atom = caf::atom_constant<caf::atom("passivate")>;
using look_atom = caf::atom_constant<caf::atom("look")>;
using grow_atom = caf::atom_constant<caf::atom("grow")>;
using finish_atom = caf::atom_constant<caf::atom("finish")>;

using journal_actor = caf::typed_actor<
    // Makes the request durable, in one group with the others that are waiting.
    caf::replies_to<append_message>::with<store::append_outcome>,
    // To itself: commits the requests that have arrived so far.
    caf::reacts_to<flush_atom>,
    // To itself, once a second: brings HEAD to the disk.
    caf::reacts_to<sync_head_atom>>;

using checkpointer_actor = caf::typed_actor<
    // To itself, every second or more often: starts to bring the tree up to the log.
    caf::reacts_to<look_atom>,
    // To itself: takes some events into the tree; at the end cuts a checkpoint, if it is time.
    caf::reacts_to<grow_atom>,
    // At the end of the service: a last checkpoint. True if it covers every event.
    caf::replies_to<finish_atom>::with<bool>>;

using account_actor = caf::typed_actor<
    // Decides one command after the other and answers when its events are on disk.
    caf::replies_to<rule_request>::with<rule_reply>,
    // To itself: takes all commands that wait.
    caf::reacts_to<drain_atom>,
    // From the registry: end if nothing is under way (true), else stay (false).
    caf::replies_to<passivate_atom>::with<bool>>;

using compiler_actor = caf::typed_actor<
    // Compiles the newest rules of the account, and swaps the result in.
    caf::reacts_to<compile_newest>,
    // Compiles rules that are to be published together with the result.
    caf::replies_to<compile_these>::with<compiled_ptr>>;

/// Two compilers, so that nobody's few rules wait while another account's many are compiled.
struct compiler_pair {
  static constexpr std::size_t many_rules = 5'000; ///< from here on; they take up to a second

  compiler_actor of_few;
  compiler_actor of_many;

  [[nodiscard]] const compiler_actor& of(std::size_t rules) const {
    return rules < many_rules ? of_few : of_many;
  }
};

using state_writer_actor = caf::typed_actor<
    // Stores the rules at their version, so that loading the account is faster the next time.
    caf::reacts_to<keep_rules>,
    // From the eraser, once the account has ended: true when all that came before is kept.
    caf::replies_to<close_account>::with<bool>>;

using importer_actor = caf::typed_actor<
    // Reads and checks a document, when it is its account's turn.
    caf::replies_to<prepare_referrers>::with<prepared_referrers>,
    caf::replies_to<prepare_mappings>::with<prepared_mappings>,
    // To itself: the next account's turn.
    caf::reacts_to<drain_atom>>;

using registry_actor = caf::typed_actor<
    // Returns the account, loading it on first use.
    caf::replies_to<acquire_account>::with<loaded_account_reply>,
    // Ends an erased account; true once it has left memory.
    caf::replies_to<close_account>::with<bool>,
    // To itself: asks an account that had become busy again to end.
    caf::reacts_to<drain_atom, std::string>,
    // To itself: ends accounts that have been idle for a while.
    caf::reacts_to<sweep_atom>>;

using directory_actor = caf::typed_actor<
    // Decides commands against the projections, those that wait together; answers when they are
    // durable.
    caf::replies_to<directory_request>::with<directory_reply>, caf::reacts_to<drain_atom>,
    // To itself: saves when tokens were last used.
    caf::reacts_to<sweep_atom>>;

using connections_actor = caf::typed_actor<
    // Registers and disables connections; a brand has one active connection for each website.
    caf::replies_to<connection_request>::with<connection_reply>,
    // From the directory: appends, if the brands have no connections. No registration comes
    // between.
    caf::replies_to<brand_release>::with<release_reply>,
    // From the directory: completes an erasure with the account's connections and appends it.
    caf::replies_to<account_release>::with<release_reply>, caf::reacts_to<drain_atom>>;

using ingest_actor = caf::typed_actor<
    // Parses, normalises, deduplicates and stores a batch; those of a connection in order.
    caf::replies_to<push_request>::with<push_reply>,
    // Records the refusal at the connection, and answers with it.
    caf::replies_to<refused_push>::with<push_reply>,
    // From the connections actor: appends a change of the connection's state.
    caf::replies_to<connection_change>::with<connection_reply>,
    // From the eraser: forgets connections, and from now on refuses everything for them.
    caf::replies_to<forget_connections>::with<bool>,
    // To itself: reads the next push; accounts take turns.
    caf::reacts_to<drain_atom>>;

using eraser_actor = caf::typed_actor<
    // From the directory, and to itself: erases what has not been erased yet.
    caf::reacts_to<sweep_atom>>;

using snapshotter_actor = caf::typed_actor<
    // Makes a snapshot; may take minutes.
    caf::replies_to<make_snapshot>::with<snapshot_attempt>,
    // To itself: makes a snapshot that is due.
    caf::reacts_to<sweep_atom>>;

using fair_queue_actor = caf::typed_actor<
    // Passes slow requests to a reader, when it is their account's turn.
    caf::replies_to<report_request>::with<report_reply>,
    caf::replies_to<lint_request>::with<lint_reply>,
    caf::replies_to<background_work>::with<background_reply>,
    caf::replies_to<read_events>::with<events_reply>,
    caf::replies_to<recall_rules>::with<recall_reply>,
    caf::replies_to<compare_rules>::with<comparison_reply>,
    // Pieces of lists, and answers made of several look-ups.
    caf::replies_to<list_tokens>::with<token_list>,
    caf::replies_to<list_connections>::with<described_connections>,
    caf::replies_to<list_accounts>::with<account_list>,
    caf::replies_to<list_brand_platforms>::with<brand_platform_list>,
    caf::replies_to<find_platforms>::with<platforms_reply>,
    caf::replies_to<describe_connection_now>::with<described_reply>,
    caf::replies_to<list_batches>::with<batch_reply>,
    caf::replies_to<list_checkpoints>::with<checkpoints_reply>,
    caf::replies_to<find_checkpoint>::with<checkpoint_reply>,
    caf::replies_to<inclusion_request>::with<inclusion_reply>,
    caf::replies_to<consistency_request>::with<consistency_reply>>;

using reader_actor = caf::typed_actor<
    // Brings an account's rules into memory.
    caf::replies_to<load_rules>::with<rules_reply>,
    // Looks up idempotency keys.
    caf::replies_to<find_uses>::with<uses_reply>,
    // Finds one row of a projection, and caches it.
    caf::replies_to<find_token>::with<token_reply>,
    caf::replies_to<find_account>::with<account_reply>,
    caf::replies_to<find_brand>::with<brand_reply>,
    caf::replies_to<find_connection>::with<found_connection>,
    // One token by its number.
    caf::replies_to<describe_token>::with<described_token>,
    // The AI platforms that count for an account's visits.
    caf::replies_to<find_platforms>::with<platforms_reply>,
    // Lists the contents of a projection, in the order of ids.
    caf::replies_to<list_accounts>::with<account_list>,
    caf::replies_to<list_tokens>::with<token_list>,
    caf::replies_to<list_brand_platforms>::with<brand_platform_list>,
    caf::replies_to<list_connections>::with<described_connections>,
    // Everything known about one connection; errc::not_found.
    caf::replies_to<describe_connection_now>::with<described_reply>,
    // A page of the batches that a connection received; errc::not_found.
    caf::replies_to<list_batches>::with<batch_reply>,
    // Checkpoints and what they prove; errc::not_found.
    caf::replies_to<list_checkpoints>::with<checkpoints_reply>,
    caf::replies_to<find_checkpoint>::with<checkpoint_reply>,
    caf::replies_to<inclusion_request>::with<inclusion_reply>,
    caf::replies_to<consistency_request>::with<consistency_reply>,
    // Sums up AI-referral rows.
    caf::replies_to<report_request>::with<report_reply>,
    // Lints an account's rules, for up to a few seconds.
    caf::replies_to<lint_request>::with<lint_reply>,
    // Does something that takes long.
    caf::replies_to<background_work>::with<background_reply>,
    // Some events of a stream or of the whole log.
    caf::replies_to<read_events>::with<events_reply>,
    // Replays an account to a point in its past; or to two, and compares them.
    caf::replies_to<recall_rules>::with<recall_reply>,
    caf::replies_to<compare_rules>::with<comparison_reply>,
    // Lists a directory of snapshots.
    caf::replies_to<list_snapshots>::with<snapshot_list>>;

} // namespace headwater::actors
