#include "store/engine/hole_check.hpp"

#include "domain/core/try.hpp"
#include "store/engine/replayed_wal.hpp"
#include "store/log/event_codec.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"

#include <rocksdb/iterator.h>

#include <array>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

// What is compared, for each family:
//
//   position    1 ......... t | t+1 ..... u | u+1 ..... end
//   found in    tables        | WAL 12      | WAL 13          replayed in this order
//
//   t + 1      is where replaying begins; the tables must reach to t
//   u + 1      must follow u; replayed_wal notes the first place where it does not
//
// Looking at the end of the log would prove nothing, because WAL 13 alone brings the end, the heads
// and the marks. Reading all events would find a hole, but take as long as the log is large; this
// costs a few look-ups whatever its size.
//
// Events and positions never lose a key, so their tables reach to t if they have that of t.
// In the other families rows are overwritten, and a missing key means nothing: there each commit
// writes a mark with its last position, and the mark in the tables must be t.
//
// Positions may fit and the events still be those of another log: a copy of the directory that went
// on by itself has the same ones. So at each seam, between the tables and the first file and
// between one file and the next, the chain value of a stream's first event must follow from the
// event before it.
error hole(const fs::path& directory, const std::string& missing, const fs::path& before) {
  return {errc::corrupt_log,
          "the log in " + directory.string() + " has a hole: " + missing + " before what " +
              before.string() +
              " holds. Files of the database are lost, or those of two states lie together, as "
              "when a backup is copied over a directory: restore it into an empty one"};
}

/// What is between two commits that should follow one another. `where` begins with a space.
error not_in_line(const fs::path& directory, std::uint64_t last, const replayed_start& next,
                  const std::string& where) {
  if (next.position <= last)
    return repeats(next.file);
  return hole(directory,
              "positions " + std::to_string(last + 1) + " to " + std::to_string(next.position - 1) +
                  where + " are missing",
              next.file);
}

bool is_damage(const error& why) {
  return why.code == errc::corrupt_log;
}

/// The last position before this one that the database knows of; 0 for none.
std::uint64_t last_before(const rocksdb_view& from, std::uint64_t position) {
  rocksdb_range positions{from, family::positions, be64_key(position)};
  positions->SeekToLast();
  return positions->Valid() && positions->key().size() == sizeof position
             ? read_be64(positions->key().ToStringView())
             : 0;
}

/// Checks that the event before the first one replayed into this family, the events or the
/// positions, is there. Neither family loses a key, so its presence shows that the tables reach
/// that far.
result<void> check_event_before(const fs::path& directory, const rocksdb_database& database,
                                family where) {
  const auto& first = database.replayed().start_of(where);
  if (!first || first->position <= 1)
    return {};
  const rocksdb_view from{database};
  const auto before = first->position - 1;
  auto found = from.get(family::positions, be64_key(before));
  if (found && *found)
    found = from.get(family::events, **found);
  if (!found)
    return is_damage(found.error()) ? result<void>{} : found.error();
  if (*found)
    return {};
  const auto last = last_before(from, first->position);
  if (last != before)
    return not_in_line(directory, last, *first, "");
  return hole(directory, "the event at position " + std::to_string(before) + " is missing",
              first->file);
}

/// Checks that the tables of a marked family end where replaying begins for it.
result<void> check_mark_before(const fs::path& directory, const rocksdb_database& database,
                               family where) {
  const auto& first = database.replayed().start_of(where);
  if (!first)
    return {};
  const auto mark = database.get_from_tables(where, mark_key);
  if (!mark)
    return is_damage(mark.error()) ? result<void>{} : mark.error();
  const auto last = *mark && (*mark)->size() == sizeof(std::uint64_t) ? read_be64(**mark) : 0;
  if (first->position == last + 1)
    return {};
  return not_in_line(directory, last, *first, " of the table " + std::string{name_of(where)});
}

error two_histories(const fs::path& directory, const replayed_seam& at, const event_place& event) {
  return {
      errc::corrupt_log,
      "the log in " + directory.string() + " has two histories: event " +
          std::to_string(event.sequence) + " of " + event.stream + " in " + at.file.string() +
          " does not follow from the event before it. Files of another data directory lie among "
          "these, or of a copy that went on by itself: restore a backup into an empty directory"};
}

/// Checks that the first event that a file brought for a stream follows from the one before it.
result<void> check_seam(const fs::path& directory, const rocksdb_view& from,
                        const replayed_seam& seam) {
  const auto place = parse_event_key(seam.event_key);
  if (!place || place->sequence <= 1)
    return {};
  std::array<recorded_event, 2> events;
  const std::array keys{event_key(place->stream, place->sequence - 1), seam.event_key};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto record = from.get(family::events, keys[i]);
    if (!record)
      return is_damage(record.error()) ? result<void>{} : record.error();
    if (!*record)
      return two_histories(directory, seam, *place);
    if (!read_record(**record, events[i]))
      return {};
  }
  if (next_chain(events[0].chain, events[1].header_text) == events[1].chain)
    return {};
  return two_histories(directory, seam, *place);
}

} // namespace

result<void> check_no_hole(const fs::path& directory, const rocksdb_database& database) {
  for (const auto where : {family::positions, family::events})
    if (auto there = check_event_before(directory, database, where); !there)
      return there;
  if (const auto& gap = database.replayed().gap())
    return not_in_line(directory, gap->last, gap->next, "");
  for (const auto where : marked_families)
    if (auto there = check_mark_before(directory, database, where); !there)
      return there;
  const rocksdb_view from{database};
  for (const auto& seam : database.replayed().seams())
    CHECK(check_seam(directory, from, seam));
  return {};
}

} // namespace headwater::store
