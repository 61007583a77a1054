#pragma once

// What an ingest worker does with a push up to the append, as functions over the log's read side.
// They block on the disk.

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"

#include <optional>
#include <string>

namespace headwater::actors {

[[nodiscard]] referrals::request_error as_request_error(const error& from);

/// The connection as of its last durable event. errc::not_found, errc::corrupt_log,
/// errc::io_failed.
[[nodiscard]] referrals::request_result<referrals::connection>
load_connection(const store::event_log& log, const std::string& connection_id);

/// The first event of an earlier use of the request's Idempotency-Key, or nothing.
/// errc::idempotency_key_reused if that was another request.
[[nodiscard]] referrals::request_result<std::optional<referrals::connection_event>>
earlier_use(const store::event_log& log, const std::string& connection_id, const origin& by);

/// A push that is decided and waits to be made durable.
struct planned_push {
  store::append_request append;
  push_outcome outcome;
  referrals::connection after; ///< the connection once the append has succeeded
};

/// Parses, normalises and deduplicates a push. errc::gone for a disabled connection, and the errors
/// of referrals::read_rows.
[[nodiscard]] referrals::request_result<planned_push>
plan_push(const service_parts& parts, const push_request& request,
          const referrals::connection& current);

[[nodiscard]] push_outcome outcome_of(const referrals::batch_received& event);

} // namespace headwater::actors
