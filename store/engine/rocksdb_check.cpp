// Implements rocksdb_log::check_tables: the checksums of all table files.

#include "domain/core/try.hpp"
#include "store/engine/rocksdb_database.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/engine/table_damage.hpp"

#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t check_readahead = std::size_t{2} << 20;

error damaged_table(const live_table& file, const rocksdb::Status& why) {
  return {errc::corrupt_log, "table " + file.family + " is damaged: " + file.path.string() + ": " +
                                 why.ToString() + "; " + cure_of(file.family)};
}

/// Checks each block of the file. One that is gone was merged into another by a live server, which
/// has checked it.
result<void> check_table(const rocksdb::Options& options, const live_table& file) {
  rocksdb::ReadOptions once;
  once.readahead_size = check_readahead;
  rocksdb::SstFileReader reader{options};
  auto status = reader.Open(file.path.string());
  if (status.ok())
    status = reader.VerifyChecksum(once);
  if (status.ok())
    return {};
  if (status.IsCorruption())
    return damaged_table(file, status);
  std::error_code failed;
  if (!fs::exists(file.path, failed) && !failed)
    return {};
  return from_status(status, "cannot check " + file.path.string());
}

/// Nothing that is read for a check is kept.
rocksdb::Options options_of_check() {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.no_block_cache = true;
  rocksdb::Options out;
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return out;
}

} // namespace

result<void> rocksdb_log::check_tables(const table_progress& tell) const {
  const auto files = database_->live_files();
  std::uint64_t total = 0;
  for (const auto& file : files)
    total += file.size;
  const auto options = options_of_check();
  std::uint64_t done = 0;
  for (const auto& file : files) {
    CHECK(check_table(options, file));
    done += file.size;
    if (tell)
      CHECK(tell(done, total));
  }
  return {};
}

} // namespace headwater::store
