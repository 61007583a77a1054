#pragma once

// What an ingest worker does with a push before the append, as functions over the log's read side.
// They block on the disk.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/named_pages.hpp"
#include "actors/shared/pushes_under_way.hpp"
#include "actors/shared/service_parts.hpp"
#include "domain/referrals/batch.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headwater::actors {

/// The connection after its last durable event. errc::not_found, errc::corrupt_log,
/// errc::io_failed.
[[nodiscard]] result<referrals::connection> load_connection(const store::table_store& tables,
                                                            const std::string& connection_id);

/// The first event of an earlier use of the request's Idempotency-Key, or nothing.
/// errc::idempotency_key_reused if that was a different request.
[[nodiscard]] result<std::optional<referrals::connection_event>>
earlier_use(const store::event_log& log, const std::string& connection_id, const origin& by);

/// A push that has been read and normalised. Does not depend on anything stored.
using screened_push = result<referrals::screened_batch>;

/// Parses and normalises a push, and frees its body. The errors of referrals::read_rows.
[[nodiscard]] screened_push screen_push(const service_parts& parts, push_request& request);

/// A push that has been decided and is about to be made durable.
struct planned_push {
  store::append_request append;
  push_outcome outcome;
  referrals::connection after;                ///< the connection once the append has succeeded
  std::vector<referrals::page_id> pages = {}; ///< those that the append names
  pushes_under_way::push changes = {}; ///< for the pushes that are decided before it is durable
};

/// Deduplicates a push against what is stored, and what is `under_way` before it. `current` is the
/// connection after those. errc::gone for a disabled connection, the error of
/// `screened`, errc::corrupt_log, errc::io_failed.
[[nodiscard]] result<planned_push> plan_push(const service_parts& parts, const origin& by,
                                             screened_push screened,
                                             const referrals::connection& current,
                                             const named_pages& named,
                                             const pushes_under_way& under_way);

[[nodiscard]] push_outcome outcome_of(const referrals::batch_received& event);

} // namespace headwater::actors
