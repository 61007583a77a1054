#pragma once

// Answers with events: as a JSON page, as NDJSON, or as server-sent events that follow the log.
// Each has a reader read a bounded piece, sends it, and asks for the next, so that a slow client
// occupies a connection and at most 192 KiB, but no reader. An event of more than 64 KiB is read
// once the memory for answers has room for it, and counts against that until it is sent.

#include "actors/protocol/interfaces.hpp"
#include "http/server/exchange.hpp"

#include <memory>

namespace headwater::http {

/// {"success":true,"data":{"events":[...]},"meta":{"end","next_after"}}: `wanted.limit` events, or
/// fewer if they would exceed 8 MiB or a search for rare ones takes seconds. A single event longer
/// than that is sent alone.
[[nodiscard]] awaitable<result<answer>> answer_event_page(exchange& x, actors::read_events wanted);

/// The head of an answer of NDJSON about a stream.
[[nodiscard]] answer head_of_lines(std::string_view stream);

/// One line for each event, up to the end of the log at the start of the answer. `seat`
/// (application.hpp) is released at the end.
[[nodiscard]] awaitable<result<answer>> answer_event_lines(exchange& x, actors::read_events wanted,
                                                           std::shared_ptr<const void> seat);

/// Follows until the client goes, its token ends, the service stops, or everything asked for has
/// been sent. `seat` is released at the end.
[[nodiscard]] awaitable<result<answer>> follow_events(exchange& x, actors::read_events wanted,
                                                      std::shared_ptr<const void> seat);

} // namespace headwater::http
