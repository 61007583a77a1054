#include "http/resolve/platforms_now.hpp"

#include "http/gate/questions.hpp"

#include <chrono>

namespace headwater::http {

namespace {

/// As long as too many requests of the account wait for the same answer.
constexpr std::chrono::milliseconds try_every{10};

} // namespace

awaitable<actors::platforms_reply> platforms_now(exchange& x, actors::loaded_account_ptr account) {
  const auto until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  for (;;) {
    actors::find_platforms wanted;
    wanted.loaded = account;
    wanted.account_id = account->id;
    wanted.waits_until = until;
    auto found = co_await ask(x, std::move(wanted));
    const bool is_busy = found.has_error() && found.error().code == errc::service_unavailable;
    if (!is_busy || std::chrono::steady_clock::now() >= until)
      co_return found;
    const bool goes_on = co_await x.stream().pause(try_every);
    if (!goes_on)
      co_return found;
    if (auto known = account->platforms.get())
      co_return known;
  }
}

} // namespace headwater::http
