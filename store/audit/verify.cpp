#include "store/audit/verify.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/core/try.hpp"
#include "store/audit/erasures.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/event_codec.hpp"

#include <algorithm>

namespace headwater::store {
namespace {

constexpr std::uint64_t events_between_progress = 10'000;

/// The last event so far of each stream.
using streams_so_far = text_map<stream_head>;

result<void> check(const recorded_event& event, stream_head& before) {
  auto& header = event.header;
  if (header.sequence != before.version + 1)
    return corrupt_event(header.stream, header.sequence,
                         "it follows sequence " + std::to_string(before.version));
  if (event.part && hash_part(event.part->salt, event.part->text) != header.payload_hash)
    return corrupt_event(header.stream, header.sequence, "its payload does not have its hash");
  before = {header.sequence, header.position, next_chain(before.chain, event.header_text)};
  if (before.chain != event.chain)
    return corrupt_event(header.stream, header.sequence, "its chain value is not that of its past");
  return {};
}

result<void> check_heads(const event_log& log, streams_so_far streams) {
  auto visited = log.visit_heads([&](const stream_name& stream,
                                     const stream_head& head) -> result<void> {
    const auto found = streams.find(stream);
    if (found == streams.end())
      return corrupt_event(stream, head.version, "its stream's head names it, and it is gone");
    if (head != found->second)
      return corrupt_event(stream, found->second.version,
                           "its stream's head does not name it as the last event, but sequence " +
                               std::to_string(head.version));
    streams.erase(found);
    return {};
  });
  if (!visited || streams.empty())
    return visited;
  // The first by name, so that the same log always fails with the same message.
  const auto& [stream, last] =
      *std::ranges::min_element(streams, {}, &streams_so_far::value_type::first);
  return corrupt_event(stream, last.version, "its stream's head is gone");
}

/// How many parts an interrupted erasure has left.
result<std::uint64_t> count_to_erase(const event_log& log) {
  TRY(const auto known, read_erasures(log));
  std::uint64_t out = 0;
  const auto look = [&](const recorded_event& event) -> result<void> {
    out += event.part && known.covers(event.header) ? 1 : 0;
    return {};
  };
  for (const auto& [stream, position] : known.streams())
    CHECK(log.read_stream(stream, 1, look));
  CHECK(log.read_stream(system_stream, 1, look));
  return out;
}

/// Receives every event in order of position, and reports at the end what it has seen.
class look_over {
public:
  explicit look_over(const event_log& log) : log_(log), is_accounted_for_(log) {}

  [[nodiscard]] const verified_log& seen() const { return seen_; }

  result<void> add(const recorded_event& event) {
    const auto& header = event.header;
    if (header.position != seen_.events + 1)
      return corrupt_event(header.stream, header.sequence, "its position is not the next");
    if (header.time < last_time_)
      return corrupt_event(header.stream, header.sequence, "time runs back before it");
    last_time_ = header.time;
    if (auto good = check(event, streams_[header.stream]); !good)
      return good;
    if (auto good = is_accounted_for_(event); !good)
      return good;
    ++seen_.events;
    seen_.erased += event.part ? 0 : 1;
    has_erasures_ = has_erasures_ || header.type == accounts::account_erased_type;
    return {};
  }

  result<verified_log> finish() {
    const auto end = log_.end().position;
    if (seen_.events != end)
      return error{errc::corrupt_log, "the log ends at position " + std::to_string(end) +
                                          ", but only " + std::to_string(seen_.events) +
                                          " events can be read"};
    seen_.streams = streams_.size();
    CHECK(check_heads(log_, std::move(streams_)));
    TRY(const auto left, has_erasures_ ? count_to_erase(log_) : result<std::uint64_t>{0});
    seen_.to_erase = left;
    return seen_;
  }

private:
  const event_log& log_;
  verified_log seen_;
  streams_so_far streams_;
  erasure_check is_accounted_for_;
  micros last_time_ = 0;
  bool has_erasures_ = false;
};

} // namespace

result<verified_log> verify_log(const event_log& log, const verify_progress& tell,
                                const event_visitor& also) {
  look_over all{log};
  auto read = log.read_all(1, [&](const recorded_event& event) -> result<void> {
    if (auto good = all.add(event); !good)
      return good;
    if (all.seen().events % events_between_progress == 0 && tell)
      tell(all.seen().events);
    return also ? also(event) : result<void>{};
  });
  return read ? all.finish() : result<verified_log>{read.error()};
}

} // namespace headwater::store
