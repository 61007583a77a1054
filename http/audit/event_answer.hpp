#pragma once

// Events on their way out: as a JSON page, as NDJSON, as server-sent events that follow the log.
// All of them read a bounded piece in a reader, send it, and ask for the next, so that a slow
// client holds a connection and at most 192 KiB, but no reader. An event of more than 64 KiB is
// read once the memory of answers has room for it, and counted there until it is sent.

#include "actors/protocol/interfaces.hpp"
#include "http/server/exchange.hpp"

#include <memory>

namespace headwater::http {

/// {"success":true,"data":{"events":[...]},"meta":{"end","next_after"}}: `wanted.limit` events, or
/// fewer where they would be more than 8 MiB or a scan for rare ones takes seconds. One event that
/// is longer than that comes alone.
[[nodiscard]] awaitable<result<answer>> answer_event_page(exchange& x, actors::read_events wanted);

/// A line for each event, up to the end as it was when it began. `seat` (application.hpp) is given
/// back then.
[[nodiscard]] awaitable<result<answer>> answer_event_lines(exchange& x, actors::read_events wanted,
                                                           std::shared_ptr<const void> seat);

/// Follows until the client goes, its token ends, the service stops, or what was asked for is over.
/// `seat` is given back then.
[[nodiscard]] awaitable<result<answer>> follow_events(exchange& x, actors::read_events wanted,
                                                      std::shared_ptr<const void> seat);

} // namespace headwater::http
