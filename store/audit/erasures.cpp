#include "store/audit/erasures.hpp"

#include "domain/core/try.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/first_event.hpp"

namespace headwater::store {
namespace {

constexpr int schema = 1;

bool is_erasure(const event_header& header) {
  return header.stream == system_stream && header.type == accounts::account_erased_type;
}

result<accounts::account_erased> decode(const recorded_event& event) {
  const auto& header = event.header;
  if (!event.part)
    return corrupt_event(header.stream, header.sequence, "an erasure does not cover itself");
  if (header.schema != schema)
    return corrupt_event(header.stream, header.sequence,
                         "unknown schema " + std::to_string(header.schema));
  auto read = accounts::read_account_erased(event.payload);
  if (!read)
    return corrupt_event(header.stream, header.sequence, read.error().message);
  return read;
}

} // namespace

result<void> erasures::add(const recorded_event& event) {
  if (!is_erasure(event.header))
    return {};
  TRY(auto erased, decode(event));
  const auto position = event.header.position;
  streams_.emplace("account/" + erased.account_id, position);
  for (const auto& connection : erased.connections)
    streams_.emplace("connection/" + connection, position);
  for (const auto sequence : erased.system_events)
    if (static_cast<std::uint64_t>(sequence) < event.header.sequence)
      system_events_.insert(static_cast<std::uint64_t>(sequence));
  return {};
}

bool erasures::covers(const event_header& header) const {
  if (header.stream == system_stream)
    return system_events_.contains(header.sequence);
  const auto found = streams_.find(header.stream);
  return found != streams_.end() && header.position < found->second;
}

result<erasures> read_erasures(const event_log& log) {
  erasures out;
  auto read = log.read_stream(system_stream, 1,
                              [&](const recorded_event& event) { return out.add(event); });
  if (!read)
    return read.error();
  return out;
}

result<accounts::account_erased> read_erasure(const event_log& log, std::uint64_t sequence) {
  TRY(const auto found, first_event(log, system_stream, sequence));
  if (!found || !is_erasure(found->header))
    return corrupt_event(system_stream, sequence, "it is not the erasure that an index names");
  return decode(*found);
}

result<void> erasure_check::operator()(const recorded_event& event) {
  if (event.part)
    return {};
  if (!known_) {
    TRY(auto all, read_erasures(log_));
    known_ = std::move(all);
  }
  return known_->covers(event.header) ? result<void>{} : result<void>{lost_part(event.header)};
}

error lost_part(const event_header& header) {
  return corrupt_event(header.stream, header.sequence,
                       "its payload part is gone, and no account_erased accounts for it");
}

} // namespace headwater::store
