#include "http/audit/event_source.hpp"

#include "domain/core/try.hpp"
#include "http/gate/questions.hpp"
#include "http/server/io_thread.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

constexpr std::chrono::milliseconds try_every{250};

bool is_busy(const actors::events_reply& page) {
  return page.has_error() && page.error().code == errc::service_unavailable;
}

} // namespace

awaitable<actors::events_reply> event_source::next(std::chrono::milliseconds patience) {
  const auto until = steady::now() + patience;
  for (;;) {
    auto page = co_await read();
    if (!is_busy(page) || !x_.stream().has_begun() || steady::now() >= until)
      co_return page;
    const bool goes_on = co_await x_.stream().pause(try_every);
    if (!goes_on)
      co_return page;
  }
}

awaitable<actors::events_reply> event_source::ask_for(std::size_t room) {
  wanted_.room = room;
  wanted_.waits_until = steady::now() + x_.limits().command_timeout;
  auto wanted = wanted_;
  co_return co_await ask(x_, std::move(wanted));
}

awaitable<actors::events_reply> event_source::read() {
  borrowed_.reset();
  if (needs_ == 0) {
    auto page = co_await ask_for(piece_size);
    if (page.has_error() || page->needs == 0)
      co_return taken(std::move(page));
    needs_ = page->needs;
    wanted_.after = page->last;
  }
  CO_TRY(auto borrowed, x_.borrow_answer(needs_));
  borrowed_ = std::move(borrowed);
  auto page = co_await ask_for(needs_);
  co_return taken(std::move(page));
}

/// Records how far it has got.
actors::events_reply event_source::taken(actors::events_reply page) {
  if (page.has_error())
    return page;
  needs_ = page->needs;
  wanted_.after = page->last;
  // Later events have later times, too, and earlier ones earlier times.
  (wanted_.order == actors::reading_order::forwards ? wanted_.from : wanted_.to).reset();
  wanted_.limit -= std::min(wanted_.limit, page->events.size());
  is_over_ = page->is_past || wanted_.limit == 0;
  is_caught_up_ = page->is_caught_up;
  return page;
}

} // namespace headwater::http
