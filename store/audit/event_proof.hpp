#pragma once

// The proof that one event is in the tree of a checkpoint (RFC 6962, section 2.1.1). Any thread;
// reading blocks on the disk.

#include "domain/json/json_writer.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/log/event.hpp"
#include "store/tables/table_store.hpp"

#include <string>
#include <vector>

namespace headwater::store {

struct event_proof {
  stream_name stream;
  std::uint64_t sequence = 0;
  std::uint64_t position = 0; ///< the leaf is number position - 1
  digest chain{};             ///< what the leaf is computed from
  std::vector<digest> path;   ///< lowest first
};

/// errc::not_found if the checkpoint does not cover the event, errc::corrupt_log if the stored tree
/// does not yield the checkpoint's root.
[[nodiscard]] result<event_proof>
prove_event(const table_store& tables, const chained_header& event, const checkpoint& within);

/// {"chain","leaf_hash","path","position","sequence","stream"}; hashes in hexadecimal.
void write_proof(json_writer& out, const event_proof& proof);

/// Hashes as an array of hexadecimal.
void write_path(json_writer& out, const std::vector<digest>& path);

} // namespace headwater::store
