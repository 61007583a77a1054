#pragma once

// Messages to the connections actor and the ingest pool, and those for reading AI referrals.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/list_page.hpp"
#include "actors/protocol/log_messages.hpp"
#include "domain/accounts/account_erased.hpp"
#include "domain/core/preconditions.hpp"
#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/connection_event.hpp"
#include "domain/referrals/reports/report.hpp"
#include "domain/referrals/row_reader.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headwater::actors {

using connection_ptr = std::shared_ptr<const referrals::connection>;

/// `account_id` is the owner for which the caller was admitted; the brand must still belong to it.
struct register_connection {
  std::int64_t brand_id = 0;
  std::string account_id;
  referrals::connection_request body;
};
struct disable_connection {
  connection_ptr connection;
  preconditions condition = {};
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
using connection_reply = result<connection_outcome>;

/// An append that takes brands from their account; refused while they have connections.
struct brand_release {
  std::vector<std::int64_t> brand_ids;
  store::append_request append;
};
using release_reply = result<store::append_outcome>;

/// An erasure that still lacks the account's connections.
struct account_release {
  origin by;
  accounts::account_erased event;
  std::vector<digest> token_hashes;
  std::vector<store::table_write> token_counts = {}; ///< see decided_erasure
};

/// Connections of an erased account.
struct forget_connections {
  std::vector<std::string> ids;
};

/// A change of a connection's state that the connections actor has decided on.
struct connection_change {
  origin by;
  referrals::connection_event event;
};

/// A push's place in the queue of its ingest worker (ingest_pool::enter), released with the last
/// copy.
using queue_place = std::shared_ptr<const void>;

struct push_request {
  origin by;
  std::string account_id; ///< whose turn it takes: the brand's owner
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

using push_reply = result<push_outcome>;

/// A push that was refused before its body reached the ingest worker.
struct refused_push {
  std::string connection_id;
  error why;
};

struct find_connection {
  std::string connection_id;
};
using found_connection = result<connection_ptr>; ///< null: no such connection

/// Asks for some of a brand's connections, oldest first, so that long lists are read in turns.
struct list_connections {
  std::string account_id; ///< whose turn it takes: the brand's owner
  std::int64_t brand_id = 0;
  std::string after;            ///< the id of the last one before; empty: from the first on
  std::size_t limit = 0;        ///< of one page
  std::size_t room = page_room; ///< in bytes, of one page
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};

/// A connection with its side facts.
struct listed_connection {
  referrals::connection connection;
  micros last_pushed_at = 0;   ///< 0: never
  std::string last_push_error; ///< empty: the last push succeeded
};
using connection_list = result<list_page<listed_connection>>;

/// How many rows a connection has, and the first and last day with any.
struct row_span {
  std::int64_t rows = 0;
  std::optional<day_number> first;
  std::optional<day_number> last;
};

/// Everything that the API shows about a connection.
struct described_connection {
  listed_connection known;
  row_span rows;
};
using described_connections = result<list_page<described_connection>>;
struct describe_connection_now {
  std::string connection_id;
  std::string account_id = {};                  ///< whose turn it takes: the brand's owner
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
using described_reply = result<described_connection>;

/// Asks for a page of the batches that a connection received, newest first.
struct list_batches {
  std::string connection_id;
  std::uint64_t offset = 0;
  std::size_t limit = 0;
  std::string account_id = {};                  ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
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
  steady_time waits_until; ///< the caller gives up at this time
};
using report_reply = result<referrals::report>;

} // namespace headwater::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::connection_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::connection_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::connection_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::brand_release)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::account_release)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::forget_connections)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::release_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::push_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::push_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::refused_push)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::found_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_connections)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::described_connections)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::describe_connection_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::described_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_batches)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::batch_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::report_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::report_reply)
