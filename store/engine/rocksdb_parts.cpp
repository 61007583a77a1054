#include "store/engine/rocksdb_parts.hpp"

#include "domain/core/try.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"

namespace headwater::store {

error reading_error(const rocksdb::Status& status, const stream_name& stream,
                    std::uint64_t sequence) {
  if (status.IsCorruption())
    return corrupt_event(stream, sequence, status.ToString());
  return from_status(status,
                     "cannot read stream " + stream + ", sequence " + std::to_string(sequence));
}

result<recorded_event> read_at(const rocksdb_view& from, std::uint64_t position) {
  auto at = "position " + std::to_string(position);
  TRY(auto key, from.get(family::positions, be64_key(position)));
  auto place = key ? parse_event_key(*key) : std::nullopt;
  if (!place)
    return error{errc::corrupt_log, at + ": no event is recorded there"};
  auto record = from.get(family::events, *key);
  if (!record)
    return error{record.error().code,
                 corrupt_event(place->stream, place->sequence, record.error().message).message};
  recorded_event event;
  if (!*record || !read_record(**record, event))
    return corrupt_event(place->stream, place->sequence,
                         *record ? "its record is damaged" : "its record is missing");
  if (event.header.stream != place->stream || event.header.sequence != place->sequence)
    return corrupt_event(place->stream, place->sequence, "another event's record is in its place");
  CHECK(check_at_position(event, position));
  return event;
}

result<log_end> find_end(const rocksdb_view& from) {
  rocksdb_range positions{from, family::positions, std::nullopt};
  positions->SeekToLast();
  if (!positions->status().ok())
    return from_status(positions->status(), "cannot find the end of the log");
  if (!positions->Valid())
    return log_end{};
  if (positions->key().size() != sizeof(std::uint64_t))
    return error{errc::corrupt_log, "the last key of the positions is damaged"};
  auto position = read_be64(positions->key().ToStringView());
  TRY(auto last, read_at(from, position));
  return log_end{position, last.chain, last.header.time};
}

result<std::uint64_t> find_last_checkpoint(const rocksdb_view& from) {
  rocksdb_range checkpoints{from, family::proofs, prefix_end(checkpoint_prefix)};
  checkpoints->SeekToLast();
  if (!checkpoints->status().ok())
    return from_status(checkpoints->status(), "cannot find the last checkpoint");
  if (!checkpoints->Valid() || !checkpoints->key().starts_with(checkpoint_prefix))
    return std::uint64_t{0};
  const auto size = parse_checkpoint_key(checkpoints->key().ToStringView());
  if (!size)
    return error{errc::corrupt_log, "the key of a checkpoint is damaged"};
  return *size;
}

result<std::optional<std::uint64_t>> find_mark(const rocksdb_view& from, family where) {
  TRY(auto value, from.get(where, mark_key));
  if (!value || value->size() != sizeof(std::uint64_t))
    return std::optional<std::uint64_t>{};
  return std::optional{read_be64(*value)};
}

result<void> check_marks(const rocksdb_view& from, const log_end& end) {
  const std::pair<family, const char*> required[] = {{family::heads, "stream heads"},
                                                     {family::idempotency, "idempotency keys"}};
  for (const auto& [where, name] : required) {
    TRY(auto mark, find_mark(from, where));
    if (mark.value_or(0) != end.position)
      return error{errc::corrupt_log, std::string{"the log ends at position "} +
                                          std::to_string(end.position) + ", but its " + name +
                                          " at position " + std::to_string(mark.value_or(0)) +
                                          ": files of the database are lost"};
  }
  return {};
}

result<stream_head> find_head(const rocksdb_view& from, const stream_name& stream) {
  auto value = from.get(family::heads, stream_key(stream));
  if (!value)
    return error{value.error().code, "stream " + stream + ": " + value.error().message};
  if (!*value)
    return stream_head{};
  auto head = read_stream_head(**value);
  if (!head)
    return error{errc::corrupt_log, "stream " + stream + ": its head is damaged"};
  return *head;
}

} // namespace headwater::store
