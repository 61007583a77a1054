#pragma once

// Every actor of the service by its typed handle, with one line for each message that it takes,
// and the values that travel in them. Nobody outside the process sends these messages, so they
// need no serialisation.
//
//   http -> registry -> account  -> journal      rules
//   http -> importer                             documents of imports, before their account
//   http -> directory            -> journal      accounts, brands and their platforms, API tokens
//   http -> connections -> ingest -> journal     AI-referral connections and pushes
//   anyone -> reader                             blocking reads of the log and its projections
//   service -> notary                            the Merkle tree and its signed checkpoints
//   account, http -> compiler                    what the resolver needs, off the request path
//   http -> snapshotter                          copies of the whole log

#include "actors/clock.hpp"
#include "actors/snapshot_status.hpp"
#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/brand_platform.hpp"
#include "domain/attribution/host.hpp"
#include "domain/attribution/rule_commands.hpp"
#include "domain/attribution/rule_import_reader.hpp"
#include "domain/attribution/rule_restore.hpp"
#include "domain/attribution/rule_set.hpp"
#include "domain/attribution/rules.hpp"
#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/connection_event.hpp"
#include "domain/referrals/report.hpp"
#include "domain/referrals/row_reader.hpp"
#include "snapshots/shelf.hpp"
#include "store/checkpoint_table.hpp"
#include "store/event_log.hpp"
#include "store/event_proof.hpp"

#include <caf/typed_actor.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headwater::actors {

// Atoms

using flush_atom = caf::atom_constant<caf::atom("flush")>;
using sync_head_atom = caf::atom_constant<caf::atom("sync_head")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using sweep_atom = caf::atom_constant<caf::atom("sweep")>;
using passivate_atom = caf::atom_constant<caf::atom("passivate")>;
using look_atom = caf::atom_constant<caf::atom("look")>;
using grow_atom = caf::atom_constant<caf::atom("grow")>;
using finish_atom = caf::atom_constant<caf::atom("finish")>;

// Journal

struct append_message {
  store::append_request request;
  steady_time sent = std::chrono::steady_clock::now();
};

using journal_actor = caf::typed_actor<
    // Makes the request durable in a group with others that wait.
    caf::replies_to<append_message>::with<store::append_outcome>,
    // To itself: commits what has gathered.
    caf::reacts_to<flush_atom>,
    // To itself, once a second: brings HEAD to the disk.
    caf::reacts_to<sync_head_atom>>;

// Notary

using notary_actor = caf::typed_actor<
    // To itself, every second or more often: starts to bring the tree up to the log.
    caf::reacts_to<look_atom>,
    // To itself: takes some events into the tree; at the end cuts a checkpoint, if it is time.
    caf::reacts_to<grow_atom>,
    // At the end of the service: a last checkpoint. True if it covers every event.
    caf::replies_to<finish_atom>::with<bool>>;

// What a change says of its origin

/// Who asks, in which request, and under which Idempotency-Key.
struct origin {
  store::provenance from;
  std::optional<store::idempotency> key;
};

// Account

using rules_ptr = std::shared_ptr<const attribution::account_rules>;
using rule_resource =
    std::variant<std::monostate, std::shared_ptr<const attribution::passthrough_referrer>,
                 std::shared_ptr<const attribution::referrer_mapping>>;

struct rule_request {
  origin by;
  attribution::rule_command command;
  steady_time sent = std::chrono::steady_clock::now();
};

/// What became of an import, and the version of the rules since when it holds.
struct import_outcome {
  attribution::import_counts counts;
  std::uint64_t version = 0;
};

/// What became of putting rules back: as of when, what that changed, and the version since when.
struct restore_outcome {
  attribution::rules_point as_of;
  attribution::restore_counts counts;
  std::uint64_t version = 0;
};

/// What became of a rule command: the rule as it stands afterwards, nothing after a delete.
struct rule_outcome {
  rule_resource rule;
  std::optional<import_outcome> imported;  ///< of an import, which shows no rule
  std::optional<restore_outcome> restored; ///< likewise
  std::vector<std::string> ignored_fields;
  bool replayed = false; ///< answered from an earlier use of the Idempotency-Key
};
using rule_reply = result<rule_outcome>;

using account_actor = caf::typed_actor<
    // Decides one command after the other and answers when its events are on disk.
    caf::replies_to<rule_request>::with<rule_reply>,
    // To itself: takes all commands that wait.
    caf::reacts_to<drain_atom>,
    // From the registry: end if nothing is under way (true), else stay (false).
    caf::replies_to<passivate_atom>::with<bool>>;

class account_slot; // account_slot.hpp
using slot_ptr = std::shared_ptr<account_slot>;
using slot_reply = result<slot_ptr>;

// Compiler

using compiled_ptr = std::shared_ptr<const attribution::compiled_rules>;

/// The newest rules of an account, once it is their turn.
struct compile_newest {
  slot_ptr slot;
};
/// Rules that nobody has seen yet.
struct compile_these {
  rules_ptr rules;
};

using compiler_actor = caf::typed_actor<
    // Compiles what the account's rules are by then, and swaps it in.
    caf::reacts_to<compile_newest>,
    // Compiles rules that are to be published together with the result.
    caf::replies_to<compile_these>::with<compiled_ptr>>;

// Importer

/// The document of an import. `rules` are those of a dry run.
template <class Rule>
struct prepare_import {
  std::shared_ptr<const std::string> body;
  attribution::import_format format = attribution::import_format::json;
  attribution::import_options options;
  attribution::import_mode mode = attribution::import_mode::merge;
  bool is_dry_run = false;
  rules_ptr rules;
  std::string request_line; ///< what an idempotency fingerprint has before the body
  steady_time waits_until;  ///< nobody wants the answer any more after this
};

/// Its rows, ready for the account; of a dry run also what they would do.
template <class Rule>
struct prepared_import {
  std::shared_ptr<const attribution::import_rows<Rule>> rows;
  std::shared_ptr<const attribution::import_plan<Rule>> plan; ///< null but for a dry run
  digest fingerprint{};
};
template <class Rule>
using prepared_reply = result<prepared_import<Rule>>;

using prepare_referrers = prepare_import<attribution::passthrough_referrer>;
using prepare_mappings = prepare_import<attribution::referrer_mapping>;
using prepared_referrers = prepared_reply<attribution::passthrough_referrer>;
using prepared_mappings = prepared_reply<attribution::referrer_mapping>;

using importer_actor = caf::typed_actor<
    // Reads and checks a document, when it is its account's turn.
    caf::replies_to<prepare_referrers>::with<prepared_referrers>,
    caf::replies_to<prepare_mappings>::with<prepared_mappings>,
    // To itself: the next account's turn.
    caf::reacts_to<drain_atom>>;

// Registry

struct acquire_account {
  std::string account_id;
};

using registry_actor = caf::typed_actor<
    // Gives the account's slot, loading it by replay on first use.
    caf::replies_to<acquire_account>::with<slot_reply>,
    // To itself: ends accounts that nobody has used for a while.
    caf::reacts_to<sweep_atom>>;

// Directory: accounts, brands and what they add to the allow-list, API tokens

/// An API token with the operational fact of its last use, which is not in the log.
struct token_entry {
  explicit token_entry(accounts::api_token of) : token(std::move(of)) {}

  const accounts::api_token token;
  std::atomic<micros> last_used = 0;    ///< 0: not since it was cached
  std::atomic<micros> last_saved = 0;   ///< the last_used that the operational table holds
  std::atomic<bool> is_revoked = false; ///< set when a newer entry tells of the revocation
};
using token_ptr = std::shared_ptr<token_entry>;
using account_ptr = std::shared_ptr<const accounts::account>;

struct create_account {
  draft body;
  bool strict = false;
};
struct change_account {
  std::string account_id;
  draft body;
  bool strict = false;
};
struct create_token {
  token_ptr creator;
  draft body;
  bool strict = false;
};
struct revoke_token {
  token_ptr creator;
  std::int64_t id = 0;
};
/// `account_id` is the owner that the caller was let in for; the brand must still be its own.
struct put_brand_platform {
  std::int64_t brand_id = 0;
  std::string account_id;
  std::string host; ///< as referrals::platform_host() gives it
  std::string platform;
};
struct remove_brand_platform {
  std::int64_t brand_id = 0;
  std::string account_id;
  std::string host;
};
using directory_command = std::variant<create_account, change_account, create_token, revoke_token,
                                       put_brand_platform, remove_brand_platform>;

struct directory_request {
  origin by;
  directory_command command;
};

/// A token as its creator sees it, once: `secret` is empty where it was the creator's own, and in
/// a replayed answer.
struct created_token {
  accounts::api_token token;
  std::string secret;
};

/// An entry as the change left it, or as it was when it was removed.
struct changed_platform {
  accounts::brand_platform entry;
  bool is_new = false;
};

struct directory_outcome {
  std::variant<accounts::account, created_token, accounts::api_token, changed_platform> value;
  std::vector<std::string> ignored_fields;
  bool replayed = false;
};
using directory_reply = result<directory_outcome>;

using directory_actor = caf::typed_actor<
    // Decides one command after the other against the projections, answers when it is durable.
    caf::replies_to<directory_request>::with<directory_reply>,
    // To itself: saves when tokens were last used.
    caf::reacts_to<sweep_atom>>;

// AI referrals

using connection_ptr = std::shared_ptr<const referrals::connection>;

/// `account_id` is the owner that the caller was let in for; the brand must still be its own.
struct register_connection {
  std::int64_t brand_id = 0;
  std::string account_id;
  referrals::connection_request body;
};
struct disable_connection {
  connection_ptr connection;
};
using connection_command = std::variant<register_connection, disable_connection>;

struct connection_request {
  origin by;
  connection_command command;
};

struct connection_outcome {
  referrals::connection connection;
  bool replayed = false;
};
using connection_reply = referrals::request_result<connection_outcome>;

/// An append that takes brands from their account, which is refused while they have connections.
struct brand_release {
  std::vector<std::int64_t> brand_ids;
  store::append_request append;
};
using release_reply = result<store::append_outcome>;

using connections_actor = caf::typed_actor<
    // Registers and disables connections; one active connection per brand and website.
    caf::replies_to<connection_request>::with<connection_reply>,
    // From the directory: appends if the brands have no connections; no registration comes between.
    caf::replies_to<brand_release>::with<release_reply>>;

/// A change of a connection's life that the connections actor has decided on.
struct connection_change {
  origin by;
  referrals::connection_event event;
};

/// A push's place in the queue of its ingest worker (ingest_pool::enter), given back with the last
/// copy.
using queue_place = std::shared_ptr<const void>;

struct push_request {
  origin by;
  connection_ptr connection;
  queue_place place;
  std::shared_ptr<const std::string> body;
  referrals::body_format format = referrals::body_format::json_array;
  steady_time sent = std::chrono::steady_clock::now();
};

struct push_outcome {
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t deduplicated = 0;
  std::vector<std::string> errors;
  bool replayed = false;
};

using push_reply = referrals::request_result<push_outcome>;

/// A push that was refused before its body could be given to the ingest worker.
struct refused_push {
  std::string connection_id;
  referrals::request_error why;
};

using ingest_actor = caf::typed_actor<
    // Parses, normalises, deduplicates and stores a batch; in order within a connection.
    caf::replies_to<push_request>::with<push_reply>,
    // Notes at the connection why, and answers with it.
    caf::replies_to<refused_push>::with<push_reply>,
    // From the connections actor: appends a change of the connection's life.
    caf::replies_to<connection_change>::with<connection_reply>>;

// Snapshotter

/// Sent by whoever began the attempt (snapshot_status::try_begin).
struct make_snapshot {};

using snapshotter_actor = caf::typed_actor<
    // Makes a snapshot; takes as long as it takes.
    caf::replies_to<make_snapshot>::with<snapshot_attempt>,
    // To itself: makes one because its time has come.
    caf::reacts_to<sweep_atom>>;

// Readers

struct load_rules {
  std::string account_id;
};
/// An account's rules as the log has them, and compiled where they are many.
struct loaded_rules {
  rules_ptr rules;
  compiled_ptr compiled; ///< null where they are few
};
using rules_reply = result<loaded_rules>;

/// Asks where a stream used these idempotency keys, with the first event of each use.
struct find_uses {
  store::stream_name stream;
  std::vector<std::string> keys;
};
struct used_key {
  digest fingerprint{};
  store::recorded_event event;
};
using uses_reply = result<std::vector<std::optional<used_key>>>;

/// Asks for the complete snapshots in a directory, the oldest first.
struct list_snapshots {
  std::filesystem::path directory;
};
using snapshot_list = result<std::vector<snapshots::listed_snapshot>>;

struct find_token {
  digest hash{};
};
using token_reply = result<token_ptr>; ///< null: no such token
struct find_account {
  std::string account_id;
};
struct find_brand {
  std::int64_t brand_id = 0;
};
using account_reply = result<account_ptr>; ///< null: no such account
using brand_owner = std::shared_ptr<const std::string>;
using brand_reply = result<brand_owner>; ///< the account that the brand belongs to; null: none
struct find_connection {
  std::string connection_id;
};
using found_connection = result<connection_ptr>; ///< null: no such connection

struct list_accounts {};
using account_list = result<std::vector<accounts::account>>;
struct list_tokens {};
/// A token and when it was last used (0: never).
struct listed_token {
  accounts::api_token token;
  micros last_used = 0;
};
using token_list = result<std::vector<listed_token>>;
struct list_brand_platforms {
  std::int64_t brand_id = 0;
};
using brand_platform_list = result<std::vector<accounts::brand_platform>>;
struct list_connections {
  std::int64_t brand_id = 0;
};
/// A connection with what is operational about it.
struct listed_connection {
  referrals::connection connection;
  micros last_pushed_at = 0;   ///< 0: never
  std::string last_push_error; ///< empty: the last push succeeded
};
using connection_list = result<std::vector<listed_connection>>;

/// The rows of a connection and the first and last day that has any.
struct row_span {
  std::int64_t rows = 0;
  std::optional<day_number> first;
  std::optional<day_number> last;
};
/// All that the API shows of a connection.
struct described_connection {
  listed_connection known;
  row_span rows;
};
using described_connections = result<std::vector<described_connection>>;
struct describe_connection_now {
  std::string connection_id;
};
using described_reply = result<described_connection>;

/// Asks for a page of the batches that reached a connection, the newest first.
struct list_batches {
  std::string connection_id;
  std::uint64_t offset = 0;
  std::size_t limit = 0;
};
struct listed_batch {
  std::uint64_t sequence = 0; ///< in the connection's stream
  referrals::batch_record record;
};
struct batch_list {
  std::vector<listed_batch> batches;
  std::uint64_t total = 0;
};
using batch_reply = result<batch_list>;
struct report_request {
  std::string account_id; ///< the brand's owner
  std::int64_t brand_id = 0;
  referrals::report_query query;
  steady_time waits_until; ///< nobody wants the answer any more after this
};
using report_reply = referrals::request_result<referrals::report>;

using report_desk_actor = caf::typed_actor<
    // Has a report computed, when it is its account's turn.
    caf::replies_to<report_request>::with<report_reply>>;
/// Asks for stored checkpoints, those of most events first.
struct list_checkpoints {
  std::uint64_t offset = 0;
  std::size_t limit = 0;
};
struct checkpoint_list {
  std::vector<store::stored_checkpoint> checkpoints;
  bool has_more = false;
};
using checkpoints_reply = result<checkpoint_list>;
/// Asks for the checkpoint of so many events, or the one of most.
struct find_checkpoint {
  std::optional<std::uint64_t> size;
};
using checkpoint_reply = result<store::stored_checkpoint>;
/// Asks for the path from an event to the root of a checkpoint.
struct inclusion_request {
  store::stream_name stream;  ///< empty: the event at `position`
  std::uint64_t sequence = 0; ///< in the stream
  std::uint64_t position = 0;
  std::optional<std::uint64_t> size; ///< of the checkpoint; nothing: the one of most events
};
struct inclusion {
  store::event_proof proof;
  std::string note;
};
using inclusion_reply = result<inclusion>;
/// Asks for what shows that a checkpoint's events are the first ones of a later one.
struct consistency_request {
  std::uint64_t from = 0;
  std::optional<std::uint64_t> to; ///< nothing: the one of most events
};
struct consistency {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::vector<digest> path;
};
using consistency_reply = result<consistency>;

/// Asks what is probably wrong with an account's rules.
struct lint_request {
  std::string account_id;
  rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled; ///< of `rules`, or of a version beside it
  std::vector<attribution::host> sites; ///< of the account, besides those of its connections
  std::size_t offset = 0;
  std::size_t limit = 0;
  steady_time waits_until; ///< nobody wants the answer any more after this
};
/// The findings as the JSON that is answered.
struct lint_outcome {
  std::string json;
};
using lint_reply = result<lint_outcome>;

/// Asks for some of the events behind `after`, in order. What one message takes is bounded, so that
/// long readings go turn by turn and hold up nobody.
struct read_events {
  store::stream_name stream; ///< empty: all streams, in order of position
  std::uint64_t after = 0;   ///< a sequence of the stream, or a position
  std::uint64_t until = std::numeric_limits<std::uint64_t>::max(); ///< the last one wanted
  std::string type;                                                ///< empty: every type
  std::optional<micros> from;
  std::optional<micros> to; ///< inclusive, both
  std::size_t limit = 0;    ///< at least 1
};
struct event_line {
  std::uint64_t number = 0; ///< its sequence, or its position
  std::string type;
  std::string json; ///< as store::append_event gives it
};
struct event_page {
  std::vector<event_line> events;
  std::uint64_t last = 0;    ///< the last event looked at, wanted or not: read on behind it
  std::uint64_t end = 0;     ///< where the stream or the log ends
  bool is_caught_up = false; ///< `last` is the end, or `until`
  bool is_past = false;      ///< an event later than `to` came: there will be no more
};
using events_reply = result<event_page>;

/// A point of an account's past as a request names it.
struct asked_point {
  std::string field;                    ///< "query.as_of", for what is wrong with it
  std::string text;                     ///< as it was sent
  std::optional<std::uint64_t> version; ///< the last event of it; else all events up to `time`
  micros time = 0;
};

/// Asks for an account's rules as they were.
struct recall_rules {
  std::string account_id;
  asked_point at;
  bool compile = false;    ///< for the resolver, too
  rules_ptr plan_from;     ///< if there: also what putting them back would do to these
  steady_time waits_until; ///< nobody wants the answer any more after this
};
struct recalled_rules {
  attribution::rules_point point;
  rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled;    ///< null where nobody asked
  std::shared_ptr<const attribution::restore_plan> planned; ///< likewise
};
/// errc::validation_error for a version that is not there yet.
using recall_reply = result<recalled_rules>;

/// Asks what happened to an account's rules between two points.
struct compare_rules {
  std::string account_id;
  asked_point from;
  asked_point to;
  steady_time waits_until;
};
/// The differences as the JSON that is answered.
struct rule_comparison {
  std::string json;
};
using comparison_reply = result<rule_comparison>;

using reader_actor = caf::typed_actor<
    // Replays an account's stream.
    caf::replies_to<load_rules>::with<rules_reply>,
    // Looks idempotency keys up.
    caf::replies_to<find_uses>::with<uses_reply>,
    // Finds one row of a projection, and caches it.
    caf::replies_to<find_token>::with<token_reply>,
    caf::replies_to<find_account>::with<account_reply>,
    caf::replies_to<find_brand>::with<brand_reply>,
    caf::replies_to<find_connection>::with<found_connection>,
    // Lists what a projection holds, in the order of its ids.
    caf::replies_to<list_accounts>::with<account_list>,
    caf::replies_to<list_tokens>::with<token_list>,
    caf::replies_to<list_brand_platforms>::with<brand_platform_list>,
    caf::replies_to<list_connections>::with<described_connections>,
    // All that is known of one connection; errc::not_found.
    caf::replies_to<describe_connection_now>::with<described_reply>,
    // A page of what reached a connection; errc::not_found.
    caf::replies_to<list_batches>::with<batch_reply>,
    // Checkpoints and what they prove; errc::not_found.
    caf::replies_to<list_checkpoints>::with<checkpoints_reply>,
    caf::replies_to<find_checkpoint>::with<checkpoint_reply>,
    caf::replies_to<inclusion_request>::with<inclusion_reply>,
    caf::replies_to<consistency_request>::with<consistency_reply>,
    // Sums AI-referral rows up.
    caf::replies_to<report_request>::with<report_reply>,
    // Looks an account's rules through, for up to a few seconds.
    caf::replies_to<lint_request>::with<lint_reply>,
    // Some events of a stream or of the whole log.
    caf::replies_to<read_events>::with<events_reply>,
    // Replays an account to a point of its past; or two, and compares them.
    caf::replies_to<recall_rules>::with<recall_reply>,
    caf::replies_to<compare_rules>::with<comparison_reply>,
    // Lists a directory of snapshots.
    caf::replies_to<list_snapshots>::with<snapshot_list>>;

} // namespace headwater::actors

// These values never leave the process, so they need no inspect().
#define HEADWATER_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::type)
HEADWATER_MESSAGE(actors::append_message)
HEADWATER_MESSAGE(store::append_outcome)
HEADWATER_MESSAGE(actors::rule_request)
HEADWATER_MESSAGE(actors::rule_reply)
HEADWATER_MESSAGE(actors::compile_newest)
HEADWATER_MESSAGE(actors::compile_these)
HEADWATER_MESSAGE(actors::compiled_ptr)
HEADWATER_MESSAGE(actors::prepare_referrers)
HEADWATER_MESSAGE(actors::prepare_mappings)
HEADWATER_MESSAGE(actors::prepared_referrers)
HEADWATER_MESSAGE(actors::prepared_mappings)
HEADWATER_MESSAGE(actors::acquire_account)
HEADWATER_MESSAGE(actors::slot_reply)
HEADWATER_MESSAGE(actors::directory_request)
HEADWATER_MESSAGE(actors::directory_reply)
HEADWATER_MESSAGE(actors::connection_request)
HEADWATER_MESSAGE(actors::connection_reply)
HEADWATER_MESSAGE(actors::connection_change)
HEADWATER_MESSAGE(actors::brand_release)
HEADWATER_MESSAGE(actors::release_reply)
HEADWATER_MESSAGE(actors::push_request)
HEADWATER_MESSAGE(actors::push_reply)
HEADWATER_MESSAGE(actors::refused_push)
HEADWATER_MESSAGE(actors::load_rules)
HEADWATER_MESSAGE(actors::rules_reply)
HEADWATER_MESSAGE(actors::find_uses)
HEADWATER_MESSAGE(actors::uses_reply)
HEADWATER_MESSAGE(actors::find_token)
HEADWATER_MESSAGE(actors::token_reply)
HEADWATER_MESSAGE(actors::find_account)
HEADWATER_MESSAGE(actors::find_brand)
HEADWATER_MESSAGE(actors::account_reply)
HEADWATER_MESSAGE(actors::brand_reply)
HEADWATER_MESSAGE(actors::find_connection)
HEADWATER_MESSAGE(actors::found_connection)
HEADWATER_MESSAGE(actors::list_accounts)
HEADWATER_MESSAGE(actors::make_snapshot)
HEADWATER_MESSAGE(actors::snapshot_attempt)
HEADWATER_MESSAGE(actors::list_snapshots)
HEADWATER_MESSAGE(actors::snapshot_list)
HEADWATER_MESSAGE(actors::account_list)
HEADWATER_MESSAGE(actors::list_tokens)
HEADWATER_MESSAGE(actors::token_list)
HEADWATER_MESSAGE(actors::list_brand_platforms)
HEADWATER_MESSAGE(actors::brand_platform_list)
HEADWATER_MESSAGE(actors::list_connections)
HEADWATER_MESSAGE(actors::described_connections)
HEADWATER_MESSAGE(actors::describe_connection_now)
HEADWATER_MESSAGE(actors::described_reply)
HEADWATER_MESSAGE(actors::list_batches)
HEADWATER_MESSAGE(actors::batch_reply)
HEADWATER_MESSAGE(actors::list_checkpoints)
HEADWATER_MESSAGE(actors::checkpoints_reply)
HEADWATER_MESSAGE(actors::find_checkpoint)
HEADWATER_MESSAGE(actors::checkpoint_reply)
HEADWATER_MESSAGE(actors::inclusion_request)
HEADWATER_MESSAGE(actors::inclusion_reply)
HEADWATER_MESSAGE(actors::consistency_request)
HEADWATER_MESSAGE(actors::consistency_reply)
HEADWATER_MESSAGE(actors::report_request)
HEADWATER_MESSAGE(actors::report_reply)
HEADWATER_MESSAGE(actors::lint_request)
HEADWATER_MESSAGE(actors::lint_reply)
HEADWATER_MESSAGE(actors::read_events)
HEADWATER_MESSAGE(actors::events_reply)
HEADWATER_MESSAGE(actors::recall_rules)
HEADWATER_MESSAGE(actors::recall_reply)
HEADWATER_MESSAGE(actors::compare_rules)
HEADWATER_MESSAGE(actors::comparison_reply)
#undef HEADWATER_MESSAGE
