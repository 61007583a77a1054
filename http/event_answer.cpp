#include "http/event_answer.hpp"

#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/resolving.hpp"

namespace headwater::http {

namespace {

using namespace std::chrono_literals;

/// Bytes of events in one JSON page, and what stands around them.
constexpr std::size_t page_limit = (std::size_t{8} << 20) - 1'024;
/// Bytes gathered before they are sent.
constexpr std::size_t piece_size = 64 * 1024;
/// A JSON page ends where looking for events of a rare type takes longer.
constexpr auto longest_search = 4s;

constexpr auto look_every = 250ms;
constexpr auto check_token_every = 1s;
constexpr auto say_something_every = 15s;

/// Reads on and on behind what it has read.
class event_source {
public:
  event_source(exchange& x, actors::read_events wanted) : x_(x), wanted_(std::move(wanted)) {}

  /// The next piece; it may hold no events.
  [[nodiscard]] awaitable<actors::events_reply> next() {
    auto page = co_await ask<actors::events_reply>(x_, x_.app().service.log_reader(), intent::read,
                                                   wanted_);
    if (page.has_error())
      co_return page;
    wanted_.after = page->last;
    // Later events are later in time, too.
    wanted_.from.reset();
    wanted_.limit -= std::min(wanted_.limit, page->events.size());
    is_over_ = page->is_past || wanted_.limit == 0;
    is_caught_up_ = page->is_caught_up;
    co_return page;
  }

  /// What comes from now on is not wanted.
  void end_at(std::uint64_t number) { wanted_.until = number; }

  /// There will be nothing more that is wanted.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] bool is_caught_up() const { return is_caught_up_; }

private:
  exchange& x_;
  actors::read_events wanted_;
  bool is_over_ = false;
  bool is_caught_up_ = false;
};

/// What stands at the end of an answer that cannot go on.
std::string error_line(const error& why) {
  canonical_writer out;
  const auto code = status_of(why.code) == 500 ? errc::internal_error : why.code;
  render_error(out, {code, std::string(public_message(why))});
  return std::move(out).str();
}

error no_longer_valid() {
  return {errc::unauthorized, "Invalid API key"};
}

void append_line(std::string& out, const actors::event_line& event) {
  out.append(event.json) += '\n';
}

void append_message(std::string& out, const actors::event_line& event) {
  out.append("id: ").append(std::to_string(event.number)).append("\nevent: ").append(event.type);
  out.append("\ndata: ").append(event.json).append("\n\n");
}

/// A JSON page under construction.
class page_text {
public:
  explicit page_text(std::size_t limit) : limit_(limit) {}

  /// Takes the events of a piece, as many as fit. False: the page is full.
  [[nodiscard]] bool take(const actors::event_page& page) {
    for (const auto& event : page.events) {
      if (count_ == limit_ || (count_ > 0 && bytes_ + event.json.size() >= page_limit))
        return false;
      text.append(count_ > 0 ? "," : "").append(event.json);
      bytes_ += event.json.size() + 1;
      ++count_;
      last_ = event.number;
    }
    last_ = page.last;
    return count_ < limit_;
  }

  void finish(std::uint64_t end, bool is_all) {
    text.append(R"(]},"meta":{"end":)").append(std::to_string(end)).append(R"(,"next_after":)");
    text.append(is_all ? "null" : std::to_string(last_)).append("}}");
  }

  [[nodiscard]] std::uint64_t last() const { return last_; }

  std::string text = R"({"success":true,"data":{"events":[)";

private:
  const std::size_t limit_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

/// The end of a streamed answer whose reading failed half-way, or its refusal.
void fail_page(exchange& x, const error& why) {
  if (x.stream().has_begun())
    x.stream().break_off();
  else
    x.fail(why);
}

/// Follows one stream of events.
class follower {
public:
  follower(exchange& x, event_source source) : x_(x), source_(std::move(source)) {}

  [[nodiscard]] awaitable<void> run() {
    const auto& log = *x_.app().service.parts().log;
    for (;;) {
      // Asked before reading: what comes in between is seen the next time.
      const auto seen = log.end().position;
      const bool goes_on = co_await send_what_is_there();
      if (!goes_on)
        co_return;
      do {
        const bool waits = co_await wait();
        if (!waits)
          co_return;
      } while (log.end().position == seen);
    }
  }

private:
  /// Sends all events up to the end. False: the answer is over.
  [[nodiscard]] awaitable<bool> send_what_is_there() {
    do {
      if (x_.thread().stopping)
        co_return false;
      auto page = co_await source_.next();
      if (page.has_error()) {
        co_await end_with(page.error());
        co_return false;
      }
      const bool is_there = co_await send(*page);
      if (!is_there)
        co_return false;
      const bool may_go_on = co_await check_token();
      if (!may_go_on)
        co_return false;
    } while (!source_.is_caught_up() && !source_.is_over());
    co_return !source_.is_over();
  }

  [[nodiscard]] awaitable<bool> send(const actors::event_page& page) {
    std::string text;
    if (!x_.stream().has_begun())
      text = ": following\n\n";
    for (const auto& event : page.events)
      append_message(text, event);
    if (text.empty())
      co_return true;
    spoke_ = steady::now();
    const bool is_there = co_await x_.stream().write_some(text);
    co_return is_there;
  }

  /// Until it is time to look again. False: the answer is over.
  [[nodiscard]] awaitable<bool> wait() {
    const bool goes_on = co_await x_.stream().pause(look_every);
    if (!goes_on)
      co_return false;
    const bool may_go_on = co_await check_token();
    if (!may_go_on)
      co_return false;
    if (steady::now() - spoke_ < say_something_every)
      co_return true;
    spoke_ = steady::now();
    const bool is_there = co_await x_.stream().write_some(": still here\n\n");
    co_return is_there;
  }

  [[nodiscard]] awaitable<bool> check_token() {
    const bool is_revoked = x_.caller_is_revoked && *x_.caller_is_revoked;
    if (!is_revoked && steady::now() - checked_ < check_token_every)
      co_return true;
    checked_ = steady::now();
    const bool is_usable = co_await is_still_usable(x_);
    if (is_usable)
      co_return true;
    const auto why = no_longer_valid();
    co_await end_with(why);
    co_return false;
  }

  /// A last message, or the refusal where nothing was sent yet.
  [[nodiscard]] awaitable<void> end_with(error why) {
    if (!x_.stream().has_begun()) {
      x_.fail(why);
      co_return;
    }
    x_.stream().close_afterwards();
    const auto text = "event: error\ndata: " + error_line(why) + "\n\n";
    (void)co_await x_.stream().write_some(text);
  }

  exchange& x_;
  event_source source_;
  steady::time_point spoke_ = steady::now();
  steady::time_point checked_ = steady::now();
};

} // namespace

awaitable<void> answer_event_page(exchange& x, actors::read_events wanted) {
  page_text out(wanted.limit);
  event_source source(x, std::move(wanted));
  std::optional<std::uint64_t> end;
  const auto began = steady::now();
  for (bool has_room = true;;) {
    auto page = co_await source.next();
    if (page.has_error()) {
      fail_page(x, page.error());
      co_return;
    }
    if (!end)
      source.end_at(end.emplace(page->end));
    has_room = out.take(*page);
    const bool is_all = out.last() == page->last && (page->is_past || source.is_caught_up());
    if (is_all || !has_room || steady::now() - began > longest_search) {
      out.finish(*end, is_all);
      break;
    }
    if (out.text.size() < piece_size)
      continue;
    const bool is_there = co_await x.stream().write_some(out.text);
    if (!is_there)
      co_return;
    out.text.clear();
  }
  if (x.stream().has_begun())
    (void)co_await x.stream().write_some(out.text);
  else
    x.out.body = std::move(out.text);
}

awaitable<void> answer_event_lines(exchange& x, actors::read_events wanted) {
  event_source source(x, std::move(wanted));
  std::string text;
  for (std::optional<std::uint64_t> end;;) {
    auto page = co_await source.next();
    const bool has_failed = page.has_error();
    if (has_failed && !x.stream().has_begun()) {
      x.fail(page.error());
      co_return;
    }
    const bool is_usable = !has_failed && !(x.caller_is_revoked && *x.caller_is_revoked);
    if (!is_usable) {
      text.append(error_line(has_failed ? page.error() : no_longer_valid())) += '\n';
      x.stream().close_afterwards();
      break;
    }
    if (!end)
      source.end_at(end.emplace(page->end));
    for (const auto& event : page->events)
      append_line(text, event);
    if (source.is_over() || source.is_caught_up())
      break;
    x.plain(200, "application/x-ndjson");
    if (text.empty())
      continue;
    const bool is_there = co_await x.stream().write_some(text);
    if (!is_there)
      co_return;
    text.clear();
  }
  x.plain(200, "application/x-ndjson");
  // A short answer goes out whole, with its length.
  if (x.stream().has_begun())
    (void)co_await x.stream().write_some(text);
  else
    x.out.body = std::move(text);
}

awaitable<void> follow_events(exchange& x, actors::read_events wanted,
                              std::shared_ptr<const void>) {
  x.plain(200, "text/event-stream");
  x.out.add("Cache-Control", "no-store");
  event_source source(x, std::move(wanted));
  follower one(x, std::move(source));
  co_await one.run();
}

} // namespace headwater::http
