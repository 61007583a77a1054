// Implements rocksdb_log::chains, chain values in order of position, from memory or from records;
// and rocksdb_log::find_header.

#include "domain/core/try.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "store/engine/rocksdb_parts.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>

namespace headwater::store {
namespace {

// Only a few, because a record may have 5 MiB.
constexpr std::size_t records_per_lookup = 8;

error missing(std::uint64_t position) {
  return {errc::corrupt_log,
          "position " + std::to_string(position) + ": no event is recorded there"};
}

/// Appends the chain values of the events with these keys, the first one at `position`.
result<void> read_chains(const rocksdb_view& from, const std::vector<std::string>& keys,
                         std::uint64_t position, std::vector<digest>& out) {
  auto records = from.get_many(family::events, keys);
  if (!records)
    return error{records.error().code,
                 "position " + std::to_string(position) + ": " + records.error().message};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto chain = (*records)[i] ? chain_of_record(*(*records)[i]) : std::nullopt;
    if (!chain) {
      auto place = parse_event_key(keys[i]);
      return place
                 ? corrupt_event(place->stream, place->sequence,
                                 (*records)[i] ? "its record is damaged" : "its record is missing")
                 : missing(position + i);
    }
    out.push_back(*chain);
  }
  return {};
}

/// The event with this key, which must exist.
result<chained_header> read_header_at(const rocksdb_view& from, const std::string& key) {
  const auto place = parse_event_key(key);
  if (!place)
    return error{errc::corrupt_log, "the key of an event is damaged"};
  const auto& [stream, sequence] = *place;
  // By an iterator, because a look-up would copy the whole record.
  const rocksdb_range events{from, family::events, stream_end_key(stream)};
  events->Seek(key);
  if (!events->Valid() && !events->status().ok())
    return reading_error(events->status(), stream, sequence);
  if (!events->Valid() || events->key().ToStringView() != key)
    return corrupt_event(stream, sequence, "its record is missing");
  auto found = header_of_record(events->value().ToStringView());
  if (!found)
    return corrupt_event(stream, sequence, "its record is damaged");
  if (found->header.stream != stream || found->header.sequence != sequence)
    return corrupt_event(stream, sequence, "another event's record is in its place");
  return std::move(*found);
}

} // namespace

std::uint64_t rocksdb_log::provable_events() const {
  return end().position;
}

result<std::vector<digest>> rocksdb_log::chains(std::uint64_t from_position,
                                                std::size_t most) const {
  std::vector<digest> out;
  std::uint64_t last = 0;
  {
    std::lock_guard lock{end_mutex_};
    if (from_position > end_.position || most == 0)
      return out;
    last = std::min<std::uint64_t>(end_.position, from_position + most - 1);
    out = recent_.get(from_position, static_cast<std::size_t>(last - from_position + 1));
  }
  if (!out.empty())
    return out;
  const rocksdb_view from{*database_};
  const rocksdb_range positions{from, family::positions, std::nullopt};
  positions->Seek(be64_key(from_position));
  for (auto next = from_position; next <= last;) {
    std::vector<std::string> keys;
    for (auto at = next; at <= last && keys.size() < records_per_lookup; ++at, positions->Next()) {
      if (!positions->Valid() && !positions->status().ok())
        return from_status(positions->status(), "position " + std::to_string(at));
      if (!positions->Valid() || positions->key().ToStringView() != be64_key(at))
        return missing(at);
      keys.push_back(positions->value().ToString());
    }
    CHECK(read_chains(from, keys, next, out));
    next += keys.size();
  }
  return out;
}

result<std::optional<chained_header>> rocksdb_log::find_header(const stream_name& stream,
                                                               std::uint64_t number) const {
  const auto last = end().position; // before the view, which then has all events up to it
  const rocksdb_view from{*database_};
  if (stream.empty()) {
    if (number == 0 || number > last)
      return std::optional<chained_header>{};
    TRY(const auto key, from.get(family::positions, be64_key(number)));
    if (!key)
      return missing(number);
    TRY(auto found, read_header_at(from, *key));
    if (found.header.position != number)
      return corrupt_event(found.header.stream, found.header.sequence,
                           "its position is " + std::to_string(found.header.position) + ", not " +
                               std::to_string(number));
    return std::optional{std::move(found)};
  }
  TRY(const auto head, visible_head(from, stream));
  if (number == 0 || number > head.version)
    return std::optional<chained_header>{};
  TRY(auto found, read_header_at(from, event_key(stream, number)));
  return std::optional{std::move(found)};
}

} // namespace headwater::store
