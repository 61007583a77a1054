#include "store/engine/rocksdb_settings.hpp"

#include "store/engine/torn_manifest.hpp"
#include "store/tables/mergers.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include <memory>

namespace headwater::store {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;
constexpr double bloom_bits_per_key = 10;
constexpr int cache_shard_bits = 2;
constexpr int table_shard_bits = 4;

struct family_profile {
  const char* name;
  bool looked_up_by_key; ///< looked up by keys that may not exist: worth a bloom filter
  bool bulky;            ///< most of the bytes written
  const char* merged_by; ///< the merge operator's name, which identifies the layout of the values
  merge_function merge;
};

constexpr family_profile plain(const char* name, bool looked_up_by_key, bool bulky) {
  return {name, looked_up_by_key, bulky, nullptr, nullptr};
}

// In the order of enum family.
const family_profile profiles[family_count] = {
    plain("default", false, false),
    plain("events", false, true),
    plain("positions", false, false),
    plain("heads", true, false),
    plain("idempotency", true, false),
    plain("directory", true, false),
    plain("referrals", true, false),
    plain("operational", true, false),
    {"rollups", true, false, "headwater.rollup.1", merge_function_of(table::rollups)},
    {"rows", true, true, "headwater.row.1", merge_function_of(table::rows)},
    plain("proofs", false, false),
    plain("states", false, true),
    {"usage", true, false, "headwater.usage.1", merge_function_of(table::usage)},
};

/// Decides what background errors do. That the tables have become larger than leave_free() allows
/// keeps compactions from starting and is no error. A compaction that meets a damaged block would
/// make the whole database read-only; instead only reads of the events in that block fail, and all
/// other streams go on. Any other background error stops the log until it is opened again: RocksDB
/// must not retry by itself, as it does after a full disk, because by then the contents of the disk
/// are unknown.
class error_policy final : public rocksdb::EventListener {
public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    if (reason == rocksdb::BackgroundErrorReason::kCompaction && status->IsCorruption())
      *status = rocksdb::Status::OK();
    if (status->subcode() == rocksdb::Status::kSpaceLimit)
      *status = rocksdb::Status::OK();
  }
};

rocksdb::ColumnFamilyOptions family_options(const family_profile& profile,
                                            const std::shared_ptr<rocksdb::Cache>& cache,
                                            std::size_t memtable_bytes) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.format_version = 5; // if this or the next changes: check_table_files()
  blocks.checksum = rocksdb::kXXH3;
  blocks.block_size = profile.looked_up_by_key ? 4 << 10 : 16 << 10;
  // Index and filter blocks count as cache; otherwise their memory would grow with the data.
  blocks.cache_index_and_filter_blocks = true;
  blocks.pin_l0_filter_and_index_blocks_in_cache = true;
  if (profile.looked_up_by_key)
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(bloom_bits_per_key));
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = profile.bulky ? memtable_bytes / 2 : memtable_bytes / 4;
  options.arena_block_size = profile.bulky ? mebibyte : mebibyte / 8;
  // Where compactions wait for room on the disk, files of level 0 pile up. Writes become slower
  // then, but none waits for ever.
  options.level0_slowdown_writes_trigger = 1'000;
  options.level0_stop_writes_trigger = 1'000'000;
  if (profile.merge != nullptr)
    options.merge_operator = merger(profile.merged_by, profile.merge);
  return options;
}

} // namespace

std::string_view name_of(family which) {
  return profiles[static_cast<std::size_t>(which)].name;
}

std::optional<family> family_named(std::string_view name) {
  for (std::size_t i = 0; i < family_count; ++i)
    if (profiles[i].name == name)
      return static_cast<family>(i);
  return std::nullopt;
}

rocksdb::DBOptions database_options(const memory_settings& memory) {
  rocksdb::DBOptions options;
  options.env = env_for_torn_manifests();
  options.db_write_buffer_size = memory.memtable_bytes;
  options.max_total_wal_size = 2 * memory.memtable_bytes;
  options.max_open_files =
      memory.open_tables == every_table ? -1 : static_cast<int>(memory.open_tables);
  // RocksDB rounds up the tables of each shard: with its default 64 shards, 50 would become 64.
  options.table_cache_numshardbits = table_shard_bits;
  // All families are flushed together, so that the files never hold an event without its head.
  options.atomic_flush = true;
  options.paranoid_checks = true;
  // HEAD decides whether recovery has kept enough.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.manual_wal_flush = false;
  options.recycle_log_file_num = 0;
  options.wal_compression = rocksdb::kNoCompression;
  options.listeners.push_back(std::make_shared<error_policy>());
  options.max_bgerror_resume_count = 0; // a failed operation is never retried
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(const memory_settings& memory) {
  // Only a few shards, because one filter may take a good part of a shard.
  auto cache = rocksdb::NewLRUCache(memory.block_cache_bytes, cache_shard_bits);
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (const auto& profile : profiles)
    out.emplace_back(profile.name, family_options(profile, cache, memory.memtable_bytes));
  return out;
}

} // namespace headwater::store
