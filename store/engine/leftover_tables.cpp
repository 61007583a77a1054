#include "store/engine/leftover_tables.hpp"

#include "domain/core/try.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/tables/keys.hpp"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <optional>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

/// The last position in a table of positions, which every flush of events writes, too; 0 for a
/// table of another family and one that cannot be read.
result<std::uint64_t> last_position_in(const fs::path& file) {
  rocksdb::Options options;
  rocksdb::SstFileReader reader{options};
  if (auto status = reader.Open(file.string()); !status.ok()) {
    std::error_code failed; // removed since it was listed, or unfinished
    if (status.IsCorruption() || !fs::exists(file, failed))
      return std::uint64_t{0};
    return from_status(status, "cannot look into " + file.string());
  }
  if (reader.GetTableProperties()->column_family_name != name_of(family::positions))
    return std::uint64_t{0};
  const std::unique_ptr<rocksdb::Iterator> rows{reader.NewIterator({})};
  rows->SeekToLast();
  return rows->Valid() && rows->key().size() == sizeof(std::uint64_t)
             ? read_be64(rows->key().ToStringView())
             : std::uint64_t{0};
}

error newer_table(const fs::path& directory, const fs::path& file, std::uint64_t position,
                  std::uint64_t end) {
  return {
      errc::corrupt_log,
      "the log in " + directory.string() + " ends at position " + std::to_string(end) + ", but " +
          file.string() + ", which its database does not name, reaches to position " +
          std::to_string(position) +
          ": files of two states lie together, as when a backup is copied over a directory, and "
          "the later events would be lost. Restore a backup into an empty directory"};
}

} // namespace

std::vector<fs::path> list_table_files(const fs::path& database) {
  std::vector<fs::path> out;
  std::error_code failed; // opening it says so
  for (fs::directory_iterator at{database, failed}, last; !failed && at != last;
       at.increment(failed))
    if (at->path().extension() == ".sst")
      out.push_back(at->path());
  std::ranges::sort(out);
  return out;
}

result<void> check_leftovers(const fs::path& directory, const std::vector<fs::path>& listed,
                             const rocksdb_database& database, std::uint64_t end) {
  auto live = database.live_tables();
  std::ranges::sort(live);
  std::uint64_t most = end;
  const fs::path* newest = nullptr;
  for (const auto& file : listed) {
    if (std::ranges::binary_search(live, file.filename().string()))
      continue;
    TRY(const auto position, last_position_in(file));
    if (position > most) {
      most = position;
      newest = &file;
    }
  }
  return newest != nullptr ? result<void>{newer_table(directory, *newest, most, end)}
                           : result<void>{};
}

} // namespace headwater::store
