#include "store/engine/leftover_tables.hpp"

#include "domain/core/try.hpp"
#include "store/engine/batch_handler.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/engine/torn_manifest.hpp"
#include "store/tables/keys.hpp"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

bool is_marked(std::string_view name) {
  const auto where = family_named(name);
  return where && std::ranges::find(marked_families, *where) != std::end(marked_families);
}

/// The last position that a table knows of: the last row of one of positions, the mark of one of a
/// marked family. A flush of events writes them all, and any of them may be all that is left, since
/// files of the other state may have the names of the rest. 0 for a table of another family and one
/// that cannot be read.
result<std::uint64_t> last_position_in(const fs::path& file) {
  rocksdb::Options options;
  rocksdb::SstFileReader reader{options};
  if (auto status = reader.Open(file.string()); !status.ok()) {
    std::error_code failed; // removed since it was listed, or unfinished
    if (status.IsCorruption() || !fs::exists(file, failed))
      return std::uint64_t{0};
    return from_status(status, "cannot look into " + file.string());
  }
  const auto& name = reader.GetTableProperties()->column_family_name;
  const std::unique_ptr<rocksdb::Iterator> rows{reader.NewIterator({})};
  std::string found;
  if (name == name_of(family::positions)) {
    rows->SeekToLast();
    if (rows->Valid())
      found = rows->key().ToStringView();
  } else if (is_marked(name)) {
    rows->SeekToFirst();
    if (rows->Valid() && rows->key() == mark_key)
      found = rows->value().ToStringView();
  }
  return found.size() == sizeof(std::uint64_t) ? read_be64(found) : std::uint64_t{0};
}

/// Finds the marks in the commits of a write-ahead log: rows of the empty key, which nothing else
/// has.
class mark_reader final : public batch_handler {
public:
  explicit mark_reader(std::uint64_t& last) : last_(last) {}

  rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    if (key.empty() && value.size() == sizeof(std::uint64_t))
      last_ = std::max(last_, read_be64(value.ToStringView()));
    return rocksdb::Status::OK();
  }

private:
  std::uint64_t& last_;
};

/// The last position in the whole records of a write-ahead log.
std::uint64_t last_position_in_log(const fs::path& file) {
  enum part : unsigned char { whole = 1, first, middle, last };
  std::uint64_t out = 0;
  mark_reader marks{out};
  std::string record;
  std::string block(log_block_size, '\0');
  for (std::ifstream in{file, std::ios::binary}; in;) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    std::string_view left{block.data(), static_cast<std::size_t>(in.gcount())};
    while (left.size() >= log_header_size) {
      const auto [size, is_whole] = log_record_in(left);
      if (!is_whole)
        return out;
      const auto is = static_cast<unsigned char>(left[log_header_size - 1]);
      if (is == whole || is == first)
        record.clear();
      record += left.substr(log_header_size, size - log_header_size);
      if (is == whole || is == last)
        rocksdb::WriteBatch{record}.Iterate(&marks).PermitUncheckedError();
      left.remove_prefix(size);
    }
  }
  return out;
}

/// Whether RocksDB did not look into it; 0 is no number.
bool is_leftover_log(const fs::path& file, std::uint64_t first_replayed) {
  const auto name = file.stem().string();
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), number);
  return wrong == std::errc{} && end == name.data() + name.size() && number < first_replayed;
}

error newer_file(const fs::path& directory, const fs::path& file, std::uint64_t position,
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

std::vector<fs::path> list_data_files(const fs::path& database) {
  std::vector<fs::path> out;
  std::error_code failed; // opening it says so
  for (fs::directory_iterator at{database, failed}, last; !failed && at != last;
       at.increment(failed))
    if (at->path().extension() == ".sst" || at->path().extension() == ".log")
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
    std::uint64_t position = 0;
    if (file.extension() == ".log") {
      if (is_leftover_log(file, database.replayed().first_log()))
        position = last_position_in_log(file);
    } else if (!std::ranges::binary_search(live, file.filename().string())) {
      TRY(position, last_position_in(file));
    }
    if (position > most) {
      most = position;
      newest = &file;
    }
  }
  return newest != nullptr ? result<void>{newer_file(directory, *newest, most, end)}
                           : result<void>{};
}

} // namespace headwater::store
