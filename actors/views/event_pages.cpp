#include "actors/views/event_pages.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "store/log/event_json.hpp"
#include "store/log/first_event.hpp"

#include <algorithm>

namespace headwater::actors {
namespace {

constexpr std::size_t most_events = 256;
// Events that the filter leaves out cost less, because they are not rendered.
constexpr std::size_t most_looked_at = 16'384;
constexpr std::size_t most_bytes_looked_at = std::size_t{4} << 20;

/// The size of an event besides its header and part: chain, salt, names.
constexpr std::size_t event_frame = 256;

/// Ends a read that has enough.
error enough() {
  return {errc::internal_error, "enough"};
}

/// Reads on from the event with this number, which is not visited.
result<void> read(const store::event_log& log, const read_events& wanted, std::uint64_t last,
                  const store::event_visitor& visit) {
  const auto& stream = wanted.stream;
  switch (wanted.order) {
  case reading_order::forwards:
    return stream.empty() ? log.read_all(last + 1, visit)
                          : log.read_stream(stream, last + 1, visit);
  case reading_order::backwards:
    return stream.empty() ? log.read_all_back(last - 1, visit)
                          : log.read_stream_back(stream, last - 1, visit);
  }
  return {};
}

result<std::uint64_t> end_of(const store::event_log& log, const store::stream_name& stream) {
  if (stream.empty())
    return log.end().position;
  return log.version(stream);
}

/// Takes events into a page until it is full.
class collector {
public:
  collector(const read_events& wanted, principal_names* names, event_page& page)
      : wanted_(wanted), names_(names), page_(page) {}

  result<void> operator()(const store::recorded_event& event) {
    const auto& header = event.header;
    const auto number = wanted_.stream.empty() ? header.position : header.sequence;
    page_.is_past = is_beyond(header.time);
    if (page_.is_past || number > wanted_.until)
      return stop();
    const auto size = event.header_text.size() + (event.part ? event.part->text.size() : 0);
    if (is_wanted(event)) {
      TRY(const auto name, name_member(event));
      const auto bytes = size + event_frame + name.size();
      if (!fits(bytes))
        return stop();
      take(number, event, bytes, name);
    }
    page_.last = number;
    ++looked_at_;
    bytes_looked_at_ += size;
    if (page_.events.size() >= std::min(wanted_.limit, most_events) ||
        looked_at_ >= most_looked_at || bytes_looked_at_ >= most_bytes_looked_at)
      return stop();
    return {};
  }

  [[nodiscard]] bool has_stopped() const { return has_stopped_; }

private:
  /// Whether this event and all that would follow it are out of the time that is wanted.
  [[nodiscard]] bool is_beyond(micros time) const {
    return wanted_.order == reading_order::forwards ? wanted_.to && time > *wanted_.to
                                                    : wanted_.from && time < *wanted_.from;
  }

  /// What was erased, or is not to be shown, tells no rules.
  [[nodiscard]] bool is_wanted(const store::recorded_event& event) const {
    if (!wanted_.type.empty() && wanted_.type != event.header.type)
      return false;
    return !wanted_.rule ||
           (event.part && !wanted_.is_erased &&
            attribution::is_about(event.header.type, event.payload, *wanted_.rule));
  }

  bool fits(std::size_t bytes) {
    if (bytes_ + bytes <= wanted_.room)
      return true;
    if (page_.events.empty())
      page_.needs = bytes;
    return false;
  }

  /// ,"principal_name":"..." or nothing.
  result<std::string> name_member(const store::recorded_event& event) {
    std::string out;
    if (!names_ || !event.part || wanted_.is_erased)
      return out;
    TRY(const auto name, names_->of(event.from.principal));
    out = R"(,"principal_name":)";
    if (name)
      append_json_string(out, *name);
    else
      out += "null";
    return out;
  }

  void take(std::uint64_t number, const store::recorded_event& event, std::size_t bytes,
            const std::string& name) {
    auto& line = page_.events.emplace_back(event_line{number, event.header.type, {}});
    line.json.reserve(bytes); // growing would need up to twice as much
    if (wanted_.is_erased && event.part) {
      auto bare = event;
      bare.part.reset();
      store::append_event(line.json, bare);
    } else {
      store::append_event(line.json, event);
      line.json.insert(line.json.size() - 1, name);
    }
    bytes_ += bytes;
  }

  result<void> stop() {
    has_stopped_ = true;
    return enough();
  }

  const read_events& wanted_;
  principal_names* names_;
  event_page& page_;
  std::size_t looked_at_ = 0;
  std::size_t bytes_looked_at_ = 0;
  std::size_t bytes_ = 0;
  bool has_stopped_ = false;
};

/// The event after which the page begins: the last one of the page before, or one that is too early
/// or too late and has none of those that are wanted behind it.
result<std::uint64_t> begin_of(const store::event_log& log, const read_events& wanted,
                               std::uint64_t end) {
  if (wanted.order == reading_order::forwards) {
    if (!wanted.from)
      return wanted.after;
    TRY(const auto before, count_until(log, wanted.stream, end, *wanted.from - 1));
    return std::max(wanted.after, before);
  }
  auto begin = std::min(end, wanted.until) + 1;
  if (wanted.after > 0)
    begin = std::min(begin, wanted.after);
  if (!wanted.to)
    return begin;
  TRY(const auto in_time, count_until(log, wanted.stream, end, *wanted.to));
  return std::min(begin, in_time + 1);
}

/// Whether there is nothing to read after the page's last event.
bool is_at_end(const read_events& wanted, const event_page& page) {
  return wanted.order == reading_order::forwards ? page.last >= std::min(page.end, wanted.until)
                                                 : page.last <= 1;
}

} // namespace

result<micros> time_of(const store::event_log& log, const store::stream_name& stream,
                       std::uint64_t number) {
  TRY(const auto found, store::first_event(log, stream, number));
  if (found)
    return found->header.time;
  return error{errc::corrupt_log,
               (stream.empty() ? "the log has no event " : "stream " + stream + " has no event ") +
                   std::to_string(number)};
}

result<std::uint64_t> count_until(const store::event_log& log, const store::stream_name& stream,
                                  std::uint64_t end, micros time) {
  std::uint64_t early = 0;      // events up to here are in time
  std::uint64_t late = end + 1; // and events from here on are not
  while (late - early > 1) {
    const auto middle = early + (late - early) / 2;
    TRY(const auto at, time_of(log, stream, middle));
    (at <= time ? early : late) = middle;
  }
  return early;
}

events_reply read_page(const store::event_log& log, const read_events& wanted,
                       principal_names* names) {
  if (std::chrono::steady_clock::now() > wanted.waits_until)
    return error{errc::service_unavailable, "The service is busy with readings of events; retry"};
  TRY(const auto end, end_of(log, wanted.stream));
  event_page page;
  page.end = end;
  TRY(page.last, begin_of(log, wanted, end));
  const auto start = page.last;
  collector collect(wanted, names, page);
  if (!is_at_end(wanted, page)) {
    const auto done = read(log, wanted, start, std::ref(collect));
    if (!done && !collect.has_stopped() && page.last == start)
      return done.error();
    // Events read before the fault are returned; the next read meets the fault first.
    if (!done && !collect.has_stopped())
      return page;
  }
  page.is_caught_up = is_at_end(wanted, page);
  return page;
}

} // namespace headwater::actors
