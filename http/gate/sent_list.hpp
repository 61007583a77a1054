#pragma once

// Lists that may be long: sent in pieces, between which others have their turns, so that a client
// that does not read holds one piece and not all of the list. Short ones are sent whole
// (exchange::finish). On the session's io thread.

#include "domain/core/try.hpp"
#include "http/gate/gate.hpp"
#include "http/gate/questions.hpp"
#include "http/server/exchange.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace headwater::http {

/// Bytes of a list that are gathered before they are sent.
inline constexpr std::size_t gathered_piece = 64 * 1024;

/// Sends the text and empties it, once there is `enough` of it. False: the client is gone.
[[nodiscard]] awaitable<bool> send_gathered(exchange& x, std::string& text,
                                            std::size_t enough = gathered_piece);

// Where the page after this one begins.
inline std::int64_t end_of(const actors::list_page<actors::listed_token>& page) {
  return page.items.back().token.id;
}
inline const std::string& end_of(const actors::list_page<actors::described_connection>& page) {
  return page.items.back().known.connection.identity.id;
}
inline const std::string& end_of(const actors::account_page& page) {
  return page.last;
}

/// Asks for one page of a list after the other, and has `append(text, element)` write each element.
/// The next page is read when the client has taken what came before, and if its token may still be
/// used. False: the client is gone. An error may come after some pieces; the session then breaks
/// the answer off.
template <class Request, class Append>
[[nodiscard]] awaitable<result<bool>> send_elements(exchange& x, std::string& text, Request wanted,
                                                    Append append) {
  for (bool is_last = false; !is_last;) {
    {
      CO_TRY(const auto page, co_await ask(x, wanted));
      for (const auto& each : page.items)
        append(text, each);
      is_last = page.is_last;
      if (!is_last)
        wanted.after = end_of(page);
    }
    const bool is_there = co_await send_gathered(x, text);
    if (!is_there)
      co_return false;
    if (auto why = lost_access(x); why && !is_last)
      co_return std::move(*why);
  }
  co_return true;
}

} // namespace headwater::http
