#include "store/verify.hpp"

#include "store/erasures.hpp"
#include "store/event_checks.hpp"
#include "store/event_codec.hpp"

#include <unordered_map>

namespace headwater::store {
namespace {

constexpr std::uint64_t events_between_progress = 10'000;

/// Where each stream stands.
using streams_so_far = std::unordered_map<stream_name, stream_head>;

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
  const auto& [stream, last] = *streams.begin();
  return corrupt_event(stream, last.version, "its stream's head is gone");
}

} // namespace

result<verified_log> verify_log(const event_log& log, const verify_progress& tell,
                                const event_visitor& also) {
  verified_log out;
  streams_so_far streams;
  erasure_check is_accounted_for{log};
  micros last_time = 0;
  auto read = log.read_all(1, [&](const recorded_event& event) -> result<void> {
    if (event.header.position != out.events + 1)
      return corrupt_event(event.header.stream, event.header.sequence,
                           "its position is not the next");
    if (event.header.time < last_time)
      return corrupt_event(event.header.stream, event.header.sequence, "time runs back before it");
    last_time = event.header.time;
    if (auto good = check(event, streams[event.header.stream]); !good)
      return good;
    if (auto good = is_accounted_for(event); !good)
      return good;
    out.erased += event.part ? 0 : 1;
    if (++out.events % events_between_progress == 0 && tell)
      tell(out.events);
    return also ? also(event) : result<void>{};
  });
  if (!read)
    return read.error();
  if (out.events != log.end().position)
    return error{errc::corrupt_log, "the log ends at position " +
                                        std::to_string(log.end().position) + ", but only " +
                                        std::to_string(out.events) + " events can be read"};
  out.streams = streams.size();
  if (auto agree = check_heads(log, std::move(streams)); !agree)
    return agree.error();
  return out;
}

} // namespace headwater::store
