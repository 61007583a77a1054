#pragma once

// What the API shows of connections and of the batches that reached them. Blocks on the disk.

#include "actors/protocol/referral_messages.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// How many rows a connection has, and the first and last day with one. From the days' rollups.
[[nodiscard]] result<row_span> read_row_span(const store::table_store& tables,
                                             const std::string& connection_id);

[[nodiscard]] described_connections describe_connections(const store::table_store& tables,
                                                         std::int64_t brand_id);
/// errc::not_found for one that is not there.
[[nodiscard]] described_reply describe_connection(const store::table_store& tables,
                                                  const std::string& connection_id);

/// Reads the records of one page; the events are not touched. errc::not_found for a connection that
/// is not there.
[[nodiscard]] batch_reply read_batches(const store::table_store& tables,
                                       const list_batches& wanted);

} // namespace headwater::actors
