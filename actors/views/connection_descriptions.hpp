#pragma once

// What the API shows about connections and the batches that they received. Blocks on the disk.

#include "actors/protocol/referral_messages.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// How many rows a connection has, and the first and last day with any. Read from rollups, at a
/// cost that does not grow with the rows.
[[nodiscard]] result<row_span> read_row_span(const store::table_store& tables,
                                             const std::string& connection_id);

[[nodiscard]] described_connections describe_connections(const store::table_store& tables,
                                                         const list_connections& wanted);
/// errc::not_found if it does not exist.
[[nodiscard]] described_reply describe_connection(const store::table_store& tables,
                                                  const std::string& connection_id);

/// Reads the records of one page, without the events. errc::not_found if the connection does not
/// exist.
[[nodiscard]] batch_reply read_batches(const store::table_store& tables,
                                       const list_batches& wanted);

} // namespace headwater::actors
