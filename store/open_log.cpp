#include "store/open_log.hpp"

#include "domain/core/try.hpp"
#include "store/engine/rocksdb_log.hpp"

namespace headwater::store {

result<std::unique_ptr<log_engine>> open_log(const log_settings& settings) {
  rocksdb_options options;
  options.directory = settings.directory;
  options.block_cache_bytes = settings.block_cache_bytes;
  options.open_tables = settings.open_tables;
  options.leaves_free = settings.leaves_free;
  options.takes_snapshots = settings.takes_snapshots;
  options.accepts = settings.accepts;
  TRY(auto opened, open_rocksdb_log(options));
  return std::unique_ptr<log_engine>{std::move(opened)};
}

result<std::unique_ptr<const log_engine>> open_log_to_read(const std::filesystem::path& directory,
                                                           std::size_t open_tables) {
  TRY(auto opened, open_for_reading(directory, open_tables));
  return std::unique_ptr<const log_engine>{std::move(opened)};
}

result<std::unique_ptr<const log_engine>>
open_whole_log_to_read(const std::filesystem::path& directory) {
  TRY(auto opened, open_for_reading(directory, every_table, shown_events::all));
  return std::unique_ptr<const log_engine>{std::move(opened)};
}

} // namespace headwater::store
