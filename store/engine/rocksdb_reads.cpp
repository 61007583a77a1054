// Implements reading in rocksdb_log: one stream in order of sequence, or all in order of position,
// or either backwards.

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

using range = rocksdb_range;

constexpr std::size_t fewest_per_lookup = 8; // many reads want only a few
constexpr std::size_t most_per_lookup = 256;
constexpr std::size_t bytes_per_lookup = 256 * 1024; // aimed at: pushes may have 5 MiB each

/// Reads the event at the cursor, which must be the one with this key.
result<void> read_here(const range& events, std::string_view key, const stream_name& stream,
                       std::uint64_t sequence, recorded_event& out) {
  if (!events->Valid() && !events->status().ok())
    return reading_error(events->status(), stream, sequence);
  if (!events->Valid() || events->key().ToStringView() != key)
    return corrupt_event(stream, sequence, "its record is missing");
  if (!read_record(events->value().ToStringView(), out))
    return corrupt_event(stream, sequence, "its record is damaged");
  return {};
}

/// Changes the sequence in an event key.
void set_sequence(std::string& key, std::uint64_t sequence) {
  key.resize(key.size() - sizeof sequence);
  append_be64(key, sequence);
}

/// Reads from the cursor, which is at the checker's next event, to the stream's head.
result<void> read_to_head(const range& events, stream_checker& checker, std::string& key,
                          const stream_name& stream, const stream_head& head, recorded_event& event,
                          const event_visitor& visit) {
  for (; checker.next() <= head.version; events->Next()) {
    set_sequence(key, checker.next());
    if (auto read = read_here(events, key, stream, checker.next(), event); !read)
      return read;
    if (auto good = checker.check(event); !good)
      return good;
    if (auto more = visit(event); !more)
      return more;
  }
  if (checker.chain() != head.chain)
    return corrupt_event(stream, head.version, "its chain value is not that of the stream's head");
  return {};
}

/// The event key at the cursor, which must be that of this position.
result<std::string> key_here(const range& positions, std::uint64_t position) {
  if (!positions->Valid() && !positions->status().ok())
    return from_status(positions->status(), "position " + std::to_string(position));
  if (!positions->Valid() || positions->key().ToStringView() != be64_key(position))
    return error{errc::corrupt_log,
                 "position " + std::to_string(position) + ": no event is recorded there"};
  return positions->value().ToString();
}

/// The event keys for [next, last] from `positions`, enough for one look-up; advances the cursor.
result<std::vector<std::string>> next_keys(const range& positions, std::uint64_t next,
                                           std::uint64_t last, std::size_t most) {
  std::vector<std::string> keys;
  for (; next <= last && keys.size() < most; ++next, positions->Next()) {
    TRY(auto key, key_here(positions, next));
    keys.push_back(std::move(key));
  }
  return keys;
}

/// The event keys for `next` and lower positions, enough for one look-up; moves the cursor back.
result<std::vector<std::string>> earlier_keys(const range& positions, std::uint64_t next,
                                              std::size_t most) {
  std::vector<std::string> keys;
  for (; next > 0 && keys.size() < most; --next, positions->Prev()) {
    TRY(auto key, key_here(positions, next));
    keys.push_back(std::move(key));
  }
  return keys;
}

/// How many events to look up next, given the result of the last look-up.
std::size_t next_lookup(std::size_t before,
                        const std::vector<std::optional<std::string>>& records) {
  std::size_t bytes = 0;
  for (const auto& record : records)
    bytes += record ? record->size() : 0;
  return bytes < bytes_per_lookup ? std::min(2 * before, most_per_lookup)
                                  : std::max<std::size_t>(before / 2, 1);
}

result<void> read_found(const std::string& key, const std::optional<std::string>& record,
                        std::uint64_t position, recorded_event& out) {
  auto place = parse_event_key(key);
  if (!place)
    return error{errc::corrupt_log,
                 "position " + std::to_string(position) + ": its event key is damaged"};
  if (!record || !read_record(*record, out))
    return corrupt_event(place->stream, place->sequence,
                         record ? "its record is damaged" : "its record is missing");
  if (out.header.stream != place->stream || out.header.sequence != place->sequence)
    return corrupt_event(place->stream, place->sequence, "another event's record is in its place");
  return check_at_position(out, position);
}

/// After a failed look-up of many: looks up one by one, so that the error names the event.
error name_the_broken(const rocksdb_view& from, std::uint64_t first, std::size_t count,
                      const error& otherwise) {
  for (std::uint64_t at = first; at < first + count; ++at)
    CHECK(read_at(from, at));
  return otherwise;
}

} // namespace

result<void> rocksdb_log::read_stream(const stream_name& stream, std::uint64_t from_sequence,
                                      const event_visitor& visit) const {
  rocksdb_view from{*database_};
  TRY(auto head, visible_head(from, stream));
  auto first = std::max<std::uint64_t>(from_sequence, 1);
  if (first > head.version)
    return {};
  // Starts one event earlier, if there is one, for its chain value.
  auto start = std::max<std::uint64_t>(first - 1, 1);
  auto key = event_key(stream, start);
  range events{from, family::events, stream_end_key(stream)};
  events->Seek(key);
  recorded_event event;
  if (start < first) {
    if (auto read = read_here(events, key, stream, start, event); !read)
      return read;
    events->Next();
  }
  stream_checker checker{stream, first, start < first ? event.chain : digest{}};
  return read_to_head(events, checker, key, stream, head, event, visit);
}

result<void> rocksdb_log::read_streams(std::string_view prefix, const event_visitor& visit) const {
  rocksdb_view from{*database_};
  range events{from, family::events, std::nullopt, reading::sweep};
  recorded_event event;
  // The events of a stream are adjacent, in the order of the heads, so one sweep finds them all.
  return visit_heads([&](const stream_name& stream, const stream_head& head) -> result<void> {
    if (!stream.starts_with(prefix))
      return {};
    auto key = event_key(stream, 1);
    if (!events->Valid() || events->key().ToStringView() != key)
      events->Seek(key);
    stream_checker checker{stream, 1, digest{}};
    return read_to_head(events, checker, key, stream, head, event, visit);
  });
}

result<void> rocksdb_log::read_all(std::uint64_t from_position, const event_visitor& visit) const {
  auto last = end().position;
  rocksdb_view from{*database_};
  auto next = std::max<std::uint64_t>(from_position, 1);
  range positions{from, family::positions, std::nullopt};
  positions->Seek(be64_key(next));
  recorded_event event;
  auto lookup = fewest_per_lookup;
  while (next <= last) {
    TRY(auto keys, next_keys(positions, next, last, lookup));
    auto records = from.get_many(family::events, keys);
    if (!records)
      return name_the_broken(from, next, keys.size(), records.error());
    lookup = next_lookup(lookup, *records);
    for (std::size_t i = 0; i < keys.size(); ++i, ++next) {
      if (auto read = read_found(keys[i], (*records)[i], next, event); !read)
        return read;
      if (auto more = visit(event); !more)
        return more;
    }
  }
  return {};
}

result<void> rocksdb_log::read_stream_back(const stream_name& stream, std::uint64_t from_sequence,
                                           const event_visitor& visit) const {
  rocksdb_view from{*database_};
  TRY(auto head, visible_head(from, stream));
  auto next = std::min(from_sequence, head.version);
  if (next == 0)
    return {};
  auto key = event_key(stream, next);
  range events{from, family::events, stream_end_key(stream)};
  events->Seek(key);
  recorded_event event;
  recorded_event before;
  CHECK(read_here(events, key, stream, next, event));
  if (next == head.version && event.chain != head.chain)
    return corrupt_event(stream, head.version, "its chain value is not that of the stream's head");
  for (; next > 0; --next, std::swap(event, before)) {
    if (next > 1) {
      events->Prev();
      set_sequence(key, next - 1);
      CHECK(read_here(events, key, stream, next - 1, before));
    }
    CHECK(check_after(event, next > 1 ? &before : nullptr));
    if (auto more = visit(event); !more)
      return more;
  }
  return {};
}

result<void> rocksdb_log::read_all_back(std::uint64_t from_position,
                                        const event_visitor& visit) const {
  auto next = std::min(from_position, end().position);
  rocksdb_view from{*database_};
  range positions{from, family::positions, std::nullopt};
  positions->Seek(be64_key(next));
  recorded_event event;
  auto lookup = fewest_per_lookup;
  while (next > 0) {
    TRY(auto keys, earlier_keys(positions, next, lookup));
    auto records = from.get_many(family::events, keys);
    if (!records)
      return name_the_broken(from, next - keys.size() + 1, keys.size(), records.error());
    lookup = next_lookup(lookup, *records);
    for (std::size_t i = 0; i < keys.size(); ++i, --next) {
      CHECK(read_found(keys[i], (*records)[i], next, event));
      if (auto more = visit(event); !more)
        return more;
    }
  }
  return {};
}

} // namespace headwater::store
