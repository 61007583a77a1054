#pragma once

// One connection: reads requests in order, has each answered by its route's handler, and writes the
// answers. Owned by its own coroutine, which runs on one io thread.
//
// Invariant: a connection is kept only if the last request was understood and its body wholly read.

#include "actors/shared/shares.hpp"
#include "http/addresses/connection_counts.hpp"
#include "http/server/asio.hpp"
#include "http/server/router.hpp"
#include "http/server/settings.hpp"

#include <functional>

namespace headwater::http {

class application;
struct io_thread;
class tls_source;

/// How much counts as large: answers above this size, and bodies above the next one, share a
/// limited memory, of which one account gets half at most. The other half of the bodies' is for
/// accounts that have a sixteenth of the whole at most, because a few tokens that stand in pages
/// could fill it with bodies that do not end. Less than this size is not worth the bookkeeping.
inline constexpr std::size_t uncounted_bytes = 64 * 1024;

/// The same for bodies, which many connections may leave unfinished; and what a connection that
/// waits for its next request keeps of each buffer.
inline constexpr std::size_t uncounted_body_bytes = 16 * 1024;

struct memory_shares {
  explicit memory_shares(const settings& limits)
      : bodies(limits.body_memory, limits.body_memory / 2, limits.body_memory / 2,
               limits.body_memory / 16),
        answers(limits.answer_memory, limits.answer_memory / 2) {}

  actors::shares bodies;
  actors::shares answers;
};

/// What all sessions share; must outlive them.
struct session_context {
  const settings& limits;
  memory_shares& memory;
  connection_counts& addresses;
  const router& routes;
  application* app;                  ///< null in tests whose handlers need none
  std::function<void()> on_end = {}; ///< called on the io thread when a session has ended
  const tls_source* tls = nullptr;   ///< null: connections are plain
  listener_role role = listener_role::everything;
};

/// Starts a session on `thread`; call it on that thread.
void start_session(io_thread& thread, const session_context& context, socket connection);

/// Answers 503 with Retry-After without reading a request, and closes.
void refuse_connection(socket connection, std::string_view request_id, std::string_view date);

} // namespace headwater::http
