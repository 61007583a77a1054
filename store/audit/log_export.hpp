#pragma once

// Events as a file that proves itself elsewhere: a line of JSON for each, as event_json.hpp writes
// it, and a last line
//
//   {"checkpoint":<signed note>,"inclusion":<event_proof of the last event, or null>}
//
// The export of one stream holds it from its first event to the last one that the newest checkpoint
// covers, whose chain value and place in the tree the last line proves; the chain binds the others.
// The export of all streams holds every event that the checkpoint covers, in order of position,
// and needs no path (null), because whoever reads it makes the whole tree.

#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace headwater::store {

struct exported {
  std::uint64_t events = 0;
  std::uint64_t left_out = 0;   ///< those that no checkpoint covers yet
  std::uint64_t checkpoint = 0; ///< how many events of the log it covers
};

/// Takes the file's bytes, some lines at a time.
using export_sink = std::function<result<void>(std::string_view)>;
/// Called now and then with how many events of how many were read.
using export_progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// Writes the export of a stream, or of all. errc::not_found, before anything is written, where no
/// checkpoint covers an event of it, and where it would lack parts whose account_erased no
/// checkpoint covers yet: its reader would have to take them for lost. Else the errors of reading
/// and of `put`.
[[nodiscard]] result<exported> export_log(const event_log& log, const table_store& tables,
                                          const std::optional<stream_name>& stream,
                                          const export_sink& put, const export_progress& tell);

} // namespace headwater::store
