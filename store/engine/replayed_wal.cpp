#include "store/engine/replayed_wal.hpp"

#include "store/engine/batch_handler.hpp"
#include "store/engine/little_endian.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>
#include <utility>

namespace headwater::store {
namespace {

// A record begins with the number of its first write.
constexpr std::size_t number_size = sizeof(std::uint64_t);

constexpr std::size_t index_of(family where) {
  return static_cast<std::size_t>(where);
}

bool is_marked(family where) {
  return std::ranges::find(marked_families, where) != std::end(marked_families);
}

} // namespace

error repeats(const std::filesystem::path& file) {
  return {errc::corrupt_log,
          file.string() + " holds again what the log has from elsewhere, as a write-ahead log does "
                          "that was copied beside another or behind itself: put it back as it "
                          "was, or restore a backup into an empty directory"};
}

/// Finds commits in a record: each begins with its positions and ends with the marks, all of which
/// hold the last position (store/FORMAT.md). Any other mark comes from a rebuild.
class replayed_wal::record_reader final : public batch_handler {
public:
  record_reader(replayed_wal& into, std::uint64_t log, const std::string& file)
      : into_(into), log_(log), file_(file) {}

  rocksdb::Status PutCF(std::uint32_t id, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    const auto where = into_.families_.find(id);
    if (where == into_.families_.end())
      return rocksdb::Status::OK();
    if (where->second == family::positions && key.size() == sizeof(std::uint64_t))
      note_position(read_be64(key.ToStringView()));
    else if (where->second == family::events)
      into_.note_event(log_, file_, key.ToStringView());
    else if (key.empty() && is_marked(where->second))
      note_mark(where->second, value.ToStringView());
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t id, const rocksdb::Slice& key) override {
    const auto where = into_.families_.find(id);
    if (where != into_.families_.end() && key.empty() && is_marked(where->second))
      note_mark(where->second, {});
    return rocksdb::Status::OK();
  }

private:
  void note_position(std::uint64_t position) {
    if (log_ < into_.first_log_)
      return;
    auto& last = into_.last_position_;
    if (last != 0 && position != last + 1 && !into_.gap_)
      into_.gap_ = replayed_gap{last, {position, file_}};
    last = position;
    if (!first_of_commit_)
      first_of_commit_ = position;
    into_.start(family::events, log_, position, file_);
    into_.start(family::positions, log_, position, file_);
  }

  void note_mark(family where, std::string_view mark) {
    if (log_ < into_.first_logs_[index_of(where)])
      return;
    if (first_of_commit_ && mark == be64_key(into_.last_position_))
      into_.start(where, log_, *first_of_commit_, file_);
    into_.is_begun_[index_of(where)] = true;
  }

  replayed_wal& into_;
  std::uint64_t log_;
  const std::string& file_;
  std::optional<std::uint64_t> first_of_commit_;
};

void replayed_wal::ColumnFamilyLogNumberMap(
    const std::map<std::uint32_t, std::uint64_t>& first_logs,
    const std::map<std::string, std::uint32_t>& ids) {
  for (const auto& [name, id] : ids) {
    const auto where = family_named(name);
    const auto first = first_logs.find(id);
    if (!where || first == first_logs.end())
      continue;
    families_[id] = *where;
    first_logs_[index_of(*where)] = first->second;
    if (*where == family::events || *where == family::positions || is_marked(*where))
      first_log_ = std::min(first_log_, first->second);
  }
}

rocksdb::WalFilter::WalProcessingOption
replayed_wal::LogRecordFound(unsigned long long log, const std::string& file,
                             const rocksdb::WriteBatch& batch, rocksdb::WriteBatch*, bool*) {
  const std::string_view bytes{batch.Data()};
  const auto number = little_endian<std::uint64_t>(bytes.substr(0, number_size));
  if (number < next_write_) {
    repeated_ = file;
    return WalProcessingOption::kStopReplay;
  }
  next_write_ = number + batch.Count();
  record_reader reader{*this, log, file};
  // RocksDB cannot read what this cannot read, and reports it.
  batch.Iterate(&reader).PermitUncheckedError();
  return WalProcessingOption::kContinueProcessing;
}

void replayed_wal::note_event(std::uint64_t log, const std::string& file, std::string_view key) {
  constexpr std::size_t most_streams = 1'000; // of a file: looking them up must not take long
  if (log < first_logs_[index_of(family::events)])
    return;
  if (std::exchange(seams_log_, log) != log)
    streams_.clear();
  if (streams_.size() == most_streams)
    return;
  auto place = parse_event_key(key);
  if (place && streams_.insert(std::move(place->stream)).second)
    seams_.push_back({std::string{key}, file});
}

void replayed_wal::start(family where, std::uint64_t log, std::uint64_t position,
                         const std::string& file) {
  const auto index = index_of(where);
  if (is_begun_[index] || log < first_logs_[index])
    return;
  starts_[index] = {position, file};
  is_begun_[index] = true;
}

} // namespace headwater::store
