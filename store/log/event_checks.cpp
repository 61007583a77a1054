#include "store/log/event_checks.hpp"

#include "store/log/event_codec.hpp"

namespace headwater::store {
namespace {

bool part_is_intact(const recorded_event& event) {
  return !event.part || hash_part(event.part->salt, event.part->text) == event.header.payload_hash;
}

} // namespace

error corrupt_event(std::string_view stream, std::uint64_t sequence, std::string_view why) {
  return {errc::corrupt_log, "stream " + std::string{stream} + ", sequence " +
                                 std::to_string(sequence) + ": " + std::string{why}};
}

result<void> stream_checker::check(const recorded_event& event) {
  const auto& header = event.header;
  if (header.stream != stream_ || header.sequence != next_)
    return corrupt_event(stream_, next_,
                         "found the event " + header.stream + " " +
                             std::to_string(header.sequence) + " in its place");
  if (header.position <= position_)
    return corrupt_event(stream_, next_, "its position does not follow that of the event before");
  if (!part_is_intact(event))
    return corrupt_event(stream_, next_,
                         "the payload does not have the payload_hash of the header");
  auto chain = next_chain(chain_, event.header_text);
  if (chain != event.chain)
    return corrupt_event(stream_, next_, "the chain value does not follow from the event before");
  chain_ = chain;
  position_ = header.position;
  ++next_;
  return {};
}

result<void> check_after(const recorded_event& event, const recorded_event* before) {
  const auto& header = event.header;
  if (before && header.position <= before->header.position)
    return corrupt_event(header.stream, header.sequence,
                         "its position does not follow that of the event before");
  stream_checker checker{header.stream, before ? before->header.sequence + 1 : 1,
                         before ? before->chain : digest{}};
  return checker.check(event);
}

result<void> check_at_position(const recorded_event& event, std::uint64_t position) {
  const auto& header = event.header;
  if (header.position != position)
    return corrupt_event(header.stream, header.sequence,
                         "its position is " + std::to_string(header.position) + ", not " +
                             std::to_string(position));
  if (!part_is_intact(event))
    return corrupt_event(header.stream, header.sequence,
                         "the payload does not have the payload_hash of the header");
  return {};
}

} // namespace headwater::store
