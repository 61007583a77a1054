#pragma once

// Exports events to a file that can be verified elsewhere: one line of JSON for each event, as
// written by event_json.hpp, and a last line
//
//   {"checkpoint":<signed note>,"inclusion":<event_proof of the last event, or null>}
//
// The export of one stream contains its events from the first to the last one that the newest
// checkpoint covers. The last line proves that event's chain value and place in the tree, and the
// chain binds the others to it. The export of all streams contains every event that the checkpoint
// covers, in order of position; it needs no path (null), because the checker rebuilds the whole
// tree.

#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace headwater::store {

struct exported {
  std::uint64_t events = 0;
  std::uint64_t left_out = 0;   ///< those not covered by any checkpoint yet
  std::uint64_t checkpoint = 0; ///< how many events of the log the checkpoint covers
};

/// Receives the file's bytes, a few lines at a time.
using export_sink = std::function<result<void>(std::string_view)>;
/// Called from time to time with how many events were read, out of how many.
using export_progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// Writes the export of one stream, or of all. errc::not_found, before anything is written, if no
/// checkpoint covers any of its events, or if it would lack parts whose account_erased no
/// checkpoint covers yet, since a checker would have to consider them lost. Otherwise the errors of
/// reading and of `put`.
[[nodiscard]] result<exported> export_log(const event_log& log, const table_store& tables,
                                          const std::optional<stream_name>& stream,
                                          const export_sink& put, const export_progress& tell);

} // namespace headwater::store
