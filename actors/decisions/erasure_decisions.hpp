#pragma once

// What an erasure involves: functions that read the log, so they block.
//
// An account is erased by one event, account_erased, which names everything that goes with it. The
// directory decides on it, and the connections actor completes and appends it, so that neither a
// change of the account nor a registration can come in between. From then on the journal refuses
// every event for the streams that it names. The eraser removes the data, and tries again until all
// of it is gone.

#include "actors/protocol/interfaces.hpp"
#include "domain/accounts/account_erased.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <chrono>
#include <vector>

namespace headwater::actors {

/// The event that would erase an account, without its connections, and the hashes of the tokens
/// that go with it. errc::account_not_found. Reads the whole system stream.
struct decided_erasure {
  accounts::account_erased event;
  std::vector<digest> token_hashes;
  std::vector<store::table_write> token_counts = {}; ///< the deletion of their rows of table::usage
};
[[nodiscard]] result<decided_erasure> decide_erasure(const store::event_log& log,
                                                     const store::table_store& tables,
                                                     const std::string& account_id);

/// Adds the connections of the account's brands to the event.
[[nodiscard]] result<void> add_connections(const store::table_store& tables,
                                           accounts::account_erased& event);

/// The append that makes the erasure durable and closes the streams that it names.
[[nodiscard]] result<append_message> erasure_append(const store::event_log& log, const origin& by,
                                                    const decided_erasure& erasure);

/// The streams that are erased entirely.
[[nodiscard]] std::vector<store::stream_name> erased_streams(const accounts::account_erased& event);

/// The rows to delete, besides those of accounts and tokens, which were deleted with the event.
[[nodiscard]] std::vector<store::row_range> erased_rows(const accounts::account_erased& event);

/// How long to wait before an erasure is tried again that has failed so many times before: 10 s,
/// and twice as long each time, up to 5 minutes.
[[nodiscard]] std::chrono::seconds erasure_pause(unsigned failures_before);

} // namespace headwater::actors
