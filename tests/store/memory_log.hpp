#pragma once

// The engine in memory: for tests, and the oracle that the RocksDB engine is compared with.
// Nothing survives the process. Threads: as the interfaces say; readers take a shared lock and copy
// pointers, so that a visitor may read the log and even append.

#include "store/log/appender.hpp"
#include "store/log/log_engine.hpp"
#include "tests/store/memory_tables.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

namespace headwater::store {

class memory_log : public event_log,
                   public table_store,
                   public provable_log,
                   public erasable_log,
                   public log_engine,
                   private commit_engine {
public:
  memory_log();

  std::vector<append_outcome> append(std::span<const append_request> group, micros now) override;
  result<void> sync_head() override;
  std::optional<std::string> stopped_reason() const override;
  commit_statistics statistics() const override;
  result<void> read_stream(const stream_name& stream, std::uint64_t from_sequence,
                           const event_visitor& visit) const override;
  result<void> read_streams(std::string_view prefix, const event_visitor& visit) const override;
  result<void> read_all(std::uint64_t from_position, const event_visitor& visit) const override;
  result<void> read_stream_back(const stream_name& stream, std::uint64_t from_sequence,
                                const event_visitor& visit) const override;
  result<void> read_all_back(std::uint64_t from_position,
                             const event_visitor& visit) const override;
  result<void> visit_heads(const head_visitor& visit) const override;
  result<std::uint64_t> version(const stream_name& stream) const override;
  result<std::vector<std::optional<idempotent_use>>>
  find_uses(const stream_name& stream, std::span<const std::string> keys) const override;
  log_end end() const override;
  std::unique_ptr<const table_reader> view() const override;
  result<std::optional<std::string>> get(table where, std::string_view key) const override;
  result<std::vector<std::optional<std::string>>>
  get_many(table where, std::span<const std::string> keys) const override;
  result<void> scan(table where, std::string_view prefix, std::string_view from,
                    const row_visitor& visit) const override;
  result<void> scan_back(table where, std::string_view prefix,
                         const row_visitor& visit) const override;
  result<void> put(std::span<const table_write> rows) override;
  result<std::optional<std::uint64_t>> position(table where) const override;
  result<void> rebuild(table where,
                       const std::function<result<void>(const row_sink&)>& fill) override;
  std::uint64_t provable_events() const override;
  result<std::vector<digest>> chains(std::uint64_t from, std::size_t most) const override;
  result<std::optional<chained_header>> find_header(const stream_name& stream,
                                                    std::uint64_t number) const override;
  result<void> put_checkpoint(std::uint64_t size, std::string_view note) override;
  result<std::uint64_t> erase_parts(const stream_name& stream,
                                    std::span<const std::uint64_t> sequences) override;
  result<void> erase_rows(std::span<const row_range> ranges) override;
  result<void> scrub(std::atomic<bool>& stop) override;

  /// Makes every commit, put() and put_checkpoint() from now on fail, as a full disk would, so that
  /// tests of what stands above see a stopped log.
  void fail_next_commit(std::string reason);

  std::optional<disk_room> look_at_disk(const low_water& mark) override;
  /// What the disk seems to have from now on; memory has none, and nothing tells nothing.
  void set_disk(const std::optional<disk_room>& room);

private:
  std::vector<stream_name> names_from(std::string_view prefix) const;
  result<void> put_aside(std::span<const table_write> rows);
  using event_pointer = std::shared_ptr<const recorded_event>;

  result<stream_head> load_head(const stream_name& stream) override;
  result<void> commit(const commit_batch& batch) override;
  event_pointer event_of(const stream_name& stream, std::uint64_t sequence) const;
  event_pointer event_at(std::uint64_t position) const;

  mutable std::shared_mutex mutex_;
  std::vector<event_pointer> all_;
  std::map<stream_name, std::vector<event_pointer>> streams_;
  std::map<std::pair<stream_name, std::string>, idempotent_use> uses_;
  memory_tables tables_;
  log_end end_;
  std::optional<std::string> next_failure_;
  std::optional<disk_room> disk_;
  appender appender_;
};

} // namespace headwater::store
