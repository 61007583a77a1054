#include "http/audit/event_answer.hpp"

#include "http/application.hpp"
#include "http/audit/event_source.hpp"
#include "http/gate/gate.hpp"
#include "http/resolve/resolution.hpp"
#include "http/server/error_response.hpp"
#include "http/server/io_thread.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

using namespace std::chrono_literals;

/// Bytes of events in one JSON page, without what surrounds them.
constexpr std::size_t page_limit = (std::size_t{8} << 20) - 1'024;
/// How many bytes are gathered before they are sent.
constexpr std::size_t piece_size = event_source::piece_size;
/// A JSON page ends if searching for events of a rare type takes longer.
constexpr auto longest_search = 4s;

constexpr auto look_every = 250ms;
constexpr auto check_token_every = 1s;
constexpr auto say_something_every = 15s;

/// The last line of an answer that cannot continue.
std::string error_line(const error& why) {
  json_writer out;
  const auto code = status_of(why.code) == 500 ? errc::internal_error : why.code;
  render_error(out, {code, std::string(public_message(why))});
  return std::move(out).str();
}

/// The lines before an event in a stream.
void begin_message(std::string& out, const actors::event_line& event) {
  out.append("id: ").append(std::to_string(event.number)).append("\nevent: ").append(event.type);
  out.append("\ndata: ");
}

/// Sends what has been gathered. False: the client is gone.
awaitable<bool> flush(exchange& x, std::string& text) {
  const std::string_view piece = text;
  const bool is_there = co_await x.stream().write_some(piece);
  text.clear();
  co_return is_there;
}

/// Appends events to `text`, each between `before` and `after`. A long one is sent from where it
/// is, and freed. False: the client is gone.
template <class Before>
awaitable<bool> gather(exchange& x, std::string& text, actors::event_page& page, Before before,
                       std::string_view after) {
  for (auto& event : page.events) {
    before(text, event);
    if (event.json.size() < piece_size) {
      text.append(event.json);
    } else {
      bool is_there = co_await flush(x, text);
      if (is_there)
        is_there = co_await flush(x, event.json);
      if (!is_there)
        co_return false;
      std::string().swap(event.json);
    }
    text.append(after);
  }
  page.events.clear();
  co_return true;
}

/// How much more a JSON page can hold.
class page_room {
public:
  /// Counts the events of a piece, and removes those that do not fit. False: the page is full.
  [[nodiscard]] bool take(actors::event_page& page) {
    auto rest = page.events.begin();
    for (; rest != page.events.end(); ++rest) {
      const auto bytes = rest->json.size() + 1;
      if (has_events_ && bytes_ + bytes > page_limit)
        break;
      has_events_ = true;
      bytes_ += bytes;
      last_ = rest->number;
    }
    if (rest != page.events.end()) {
      page.events.erase(rest, page.events.end());
      return false;
    }
    last_ = page.last;
    return true;
  }

  [[nodiscard]] bool has_events() const { return has_events_; }
  /// Where the next page continues.
  [[nodiscard]] std::uint64_t last() const { return last_; }

private:
  bool has_events_ = false;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

/// A JSON page being sent.
class page_answer {
public:
  page_answer(exchange& x, event_source source) : x_(x), source_(std::move(source)) {}

  [[nodiscard]] awaitable<result<answer>> run() {
    const auto began = steady::now();
    for (bool goes_on = true; goes_on;) {
      auto page = co_await source_.next(0ms);
      if (page.has_error()) {
        auto why = page.error();
        co_return co_await end_early(std::move(why));
      }
      if (!end_)
        source_.end_at(end_.emplace(page->end));
      const bool has_room = room_.take(*page);
      is_all_ = has_room && (page->is_past || page->is_caught_up);
      goes_on =
          has_room && !source_.is_over() && !is_all_ && steady::now() - began <= longest_search;
      const bool is_there = co_await add(*page);
      if (!is_there)
        co_return sent();
    }
    co_return co_await finish();
  }

private:
  [[nodiscard]] awaitable<bool> add(actors::event_page& page) {
    const auto separate = [this](std::string& out, const actors::event_line&) {
      if (std::exchange(has_items_, true))
        out += ',';
    };
    bool is_there = co_await gather(x_, text_, page, separate, "");
    if (is_there && text_.size() >= piece_size)
      is_there = co_await flush(x_, text_);
    co_return is_there;
  }

  /// Events for which there is no memory now are left to the next page.
  [[nodiscard]] awaitable<result<answer>> end_early(error why) {
    if (why.code == errc::service_unavailable && room_.has_events())
      co_return co_await finish();
    co_return why;
  }

  [[nodiscard]] awaitable<answer> finish() {
    text_.append(R"(]},"meta":{"end":)").append(std::to_string(*end_)).append(R"(,"next_after":)");
    text_.append(is_all_ ? "null" : std::to_string(room_.last())).append("}}");
    co_return co_await x_.finish(std::move(text_));
  }

  exchange& x_;
  event_source source_;
  page_room room_;
  std::string text_ = R"({"success":true,"data":{"events":[)";
  std::optional<std::uint64_t> end_;
  bool has_items_ = false;
  bool is_all_ = false;
};

/// Follows one stream of events.
class follower {
public:
  follower(exchange& x, event_source source) : x_(x), source_(std::move(source)) {}

  [[nodiscard]] awaitable<result<answer>> run() {
    const auto& log = x_.app().service.parts().log->events();
    for (;;) {
      // Asked before reading, so that anything in between is seen the next time.
      const auto seen = log.end().position;
      const bool goes_on = co_await send_what_is_there();
      if (!goes_on)
        co_return std::move(end_);
      do {
        const bool waits = co_await wait();
        if (!waits)
          co_return std::move(end_);
      } while (log.end().position == seen);
    }
  }

private:
  /// Sends all events up to the end of the log. False: the answer is over.
  [[nodiscard]] awaitable<bool> send_what_is_there() {
    do {
      if (x_.thread().stopping)
        co_return false;
      auto page = co_await source_.next(x_.limits().command_timeout);
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

  [[nodiscard]] awaitable<bool> send(actors::event_page& page) {
    std::string text;
    if (!x_.stream().has_begun())
      text = ": following\n\n";
    bool is_there = co_await gather(x_, text, page, begin_message, "\n\n");
    if (!is_there || text.empty())
      co_return is_there;
    spoke_ = steady::now();
    is_there = co_await flush(x_, text);
    co_return is_there;
  }

  /// Waits until it is time to look again. False: the answer is over.
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
    auto why = lost_access(x_);
    if (!why && steady::now() - checked_ < check_token_every)
      co_return true;
    if (!why) {
      checked_ = steady::now();
      const bool is_usable = co_await is_still_usable(x_);
      if (is_usable)
        co_return true;
      why.emplace(errc::unauthorized, "Invalid API key");
    }
    co_await end_with(std::move(*why));
    co_return false;
  }

  /// Sends a last message, or a refusal if nothing has been sent yet.
  [[nodiscard]] awaitable<void> end_with(error why) {
    if (!x_.stream().has_begun()) {
      end_ = std::move(why);
      co_return;
    }
    x_.note_broken_off(why);
    x_.stream().close_afterwards();
    const auto text = "event: error\ndata: " + error_line(why) + "\n\n";
    (void)co_await x_.stream().write_some(text);
  }

  exchange& x_;
  event_source source_;
  result<answer> end_ = sent(); ///< the answer to return at the end
  steady::time_point spoke_ = steady::now();
  steady::time_point checked_ = steady::now();
};

} // namespace

awaitable<result<answer>> answer_event_page(exchange& x, actors::read_events wanted) {
  x.announce({});
  event_source source(x, std::move(wanted));
  page_answer one(x, std::move(source));
  co_return co_await one.run();
}

answer head_of_lines(std::string_view stream) {
  auto name = "events" + std::string(stream.empty() ? "" : "-").append(stream);
  std::ranges::replace(name, '/', '-');
  return plain({}, 200, "application/x-ndjson")
      .with("Content-Disposition", "attachment; filename=\"" + name + ".ndjson\"");
}

awaitable<result<answer>> answer_event_lines(exchange& x, actors::read_events wanted,
                                             std::shared_ptr<const void>) {
  auto head = head_of_lines(wanted.stream);
  x.announce(head);
  event_source source(x, std::move(wanted));
  std::string text;
  for (std::optional<std::uint64_t> end;;) {
    auto page = co_await source.next(x.limits().command_timeout);
    auto why = page.has_error() ? std::optional{page.error()} : lost_access(x);
    if (why && !x.stream().has_begun())
      co_return std::move(*why);
    if (why) {
      x.note_broken_off(*why);
      text.append(error_line(*why)) += '\n';
      x.stream().close_afterwards();
      break;
    }
    if (!end)
      source.end_at(end.emplace(page->end));
    const auto nothing = [](std::string&, const actors::event_line&) {};
    bool is_there = co_await gather(x, text, *page, nothing, "\n");
    if (!is_there)
      co_return sent();
    if (source.is_over() || source.is_caught_up())
      break;
    if (text.empty())
      continue;
    is_there = co_await flush(x, text);
    if (!is_there)
      co_return sent();
  }
  // A short answer is sent whole, with its length.
  co_return co_await x.finish(std::move(head), std::move(text));
}

awaitable<result<answer>> follow_events(exchange& x, actors::read_events wanted,
                                        std::shared_ptr<const void>) {
  x.announce(plain({}, 200, "text/event-stream"));
  event_source source(x, std::move(wanted));
  follower one(x, std::move(source));
  co_return co_await one.run();
}

} // namespace headwater::http
