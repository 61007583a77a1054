#pragma once

// The questions that handlers ask actors: each request type names its reply, its receiver and
// whether it changes something, once, here. The call is then just `co_await ask(x, wanted)`.

#include "actors/service.hpp"
#include "http/server/bridge.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

/// Whether a question changes something: if so, a missing answer means an unknown outcome.
enum class intent : std::uint8_t { read = 1, write };

template <class Request>
struct question;

namespace detail {

/// Only what a single look-up answers: readers take questions as they come, whoever asks.
template <class Reply>
struct to_reader {
  using reply = Reply;
  static constexpr auto what = intent::read;
  static auto receiver(const actors::service& of, const auto&) { return of.readers().next(); }
};

template <class Reply, auto Receiver, intent What>
struct to_one {
  using reply = Reply;
  static constexpr auto what = What;
  static auto receiver(const actors::service& of, const auto&) { return (of.*Receiver)(); }
};

/// Sent to the worker of the ingest pool that owns the connection.
template <class Reply>
struct to_ingest {
  using reply = Reply;
  static constexpr auto what = intent::write;
  static auto receiver(const actors::service& of, const actors::push_request& asked) {
    return of.ingest().owner_of(asked.connection->identity.id);
  }
  static auto receiver(const actors::service& of, const actors::refused_push& asked) {
    return of.ingest().owner_of(asked.connection_id);
  }
};

using actors::service;

/// Lists, and whatever takes more than one look-up.
template <class Reply>
using to_lister = to_one<Reply, &service::lister, intent::read>;

} // namespace detail

// clang-format off
template <> struct question<actors::find_token> : detail::to_reader<actors::token_reply> {};
template <> struct question<actors::find_account> : detail::to_reader<actors::account_reply> {};
template <> struct question<actors::find_brand> : detail::to_reader<actors::brand_reply> {};
template <> struct question<actors::find_connection> : detail::to_reader<actors::found_connection> {};
template <> struct question<actors::list_accounts> : detail::to_lister<actors::account_list> {};
template <> struct question<actors::list_tokens> : detail::to_lister<actors::token_list> {};
template <> struct question<actors::describe_token> : detail::to_reader<actors::described_token> {};
template <> struct question<actors::list_brand_platforms> : detail::to_lister<actors::brand_platform_list> {};
template <> struct question<actors::find_platforms> : detail::to_lister<actors::platforms_reply> {};
template <> struct question<actors::list_connections> : detail::to_lister<actors::described_connections> {};
template <> struct question<actors::describe_connection_now> : detail::to_lister<actors::described_reply> {};
template <> struct question<actors::list_batches> : detail::to_lister<actors::batch_reply> {};
template <> struct question<actors::list_snapshots> : detail::to_reader<actors::snapshot_list> {};
template <> struct question<actors::list_checkpoints> : detail::to_lister<actors::checkpoints_reply> {};
template <> struct question<actors::find_checkpoint> : detail::to_lister<actors::checkpoint_reply> {};
template <> struct question<actors::inclusion_request> : detail::to_lister<actors::inclusion_reply> {};
template <> struct question<actors::consistency_request> : detail::to_lister<actors::consistency_reply> {};

template <> struct question<actors::acquire_account>
    : detail::to_one<actors::loaded_account_reply, &detail::service::registry, intent::read> {};
template <> struct question<actors::directory_request>
    : detail::to_one<actors::directory_reply, &detail::service::directory, intent::write> {};
template <> struct question<actors::connection_request>
    : detail::to_one<actors::connection_reply, &detail::service::connections, intent::write> {};
template <> struct question<actors::report_request>
    : detail::to_one<actors::report_reply, &detail::service::reports, intent::read> {};
template <> struct question<actors::lint_request>
    : detail::to_one<actors::lint_reply, &detail::service::linter, intent::read> {};
template <> struct question<actors::background_work>
    : detail::to_one<actors::background_reply, &detail::service::large_bodies, intent::read> {};
template <> struct question<actors::recall_rules>
    : detail::to_one<actors::recall_reply, &detail::service::historian, intent::read> {};
template <> struct question<actors::compare_rules>
    : detail::to_one<actors::comparison_reply, &detail::service::historian, intent::read> {};
template <> struct question<actors::read_events>
    : detail::to_one<actors::events_reply, &detail::service::log_reader, intent::read> {};
template <> struct question<actors::prepare_referrers>
    : detail::to_one<actors::prepared_referrers, &detail::service::importer, intent::read> {};
template <> struct question<actors::prepare_mappings>
    : detail::to_one<actors::prepared_mappings, &detail::service::importer, intent::read> {};
template <> struct question<actors::push_request> : detail::to_ingest<actors::push_reply> {};
template <> struct question<actors::refused_push> : detail::to_ingest<actors::push_reply> {};
// clang-format on

/// The error for a question that got no reply, because CAF ended it or its deadline passed.
[[nodiscard]] error to_error(ask_failure why, intent what);

/// Sends the message to its receiver (see above) and waits for the reply, at most as long as a
/// command may take. A question that waits for a turn takes that of the account that the request is
/// charged to, unless it names another one, and waits as long. Pass `message` as a named object,
/// not as `message_type{...}`: gcc 12 copies an aggregate made inside a co_await expression byte by
/// byte into the coroutine's frame. Instantiated only in questions.cpp, because CAF's templates
/// take long to compile.
template <class Request>
[[nodiscard]] awaitable<typename question<Request>::reply> ask(exchange& x, Request message);

/// The position of the last event in the log. Call it before you read projections, and use it as
/// the version of what you read: after any later change the position is a different one.
[[nodiscard]] std::uint64_t log_position(const exchange& x);

/// Sends a command to an account's actor. If the account has just left memory, it is loaded again.
[[nodiscard]] awaitable<actors::rule_reply>
send_command(exchange& x, actors::loaded_account_ptr loaded, actors::rule_request request);

/// Waits for a snapshot, at most as long as a command may take. Returns the attempt, or why there
/// was no reply in that time.
[[nodiscard]] awaitable<std::variant<actors::snapshot_attempt, ask_failure>>
await_snapshot(exchange& x);

} // namespace headwater::http
