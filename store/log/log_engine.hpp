#pragma once

// An open log as its owner holds it. Everybody else gets only the interface that they need: `const
// table_store&` to look up rows, `event_log&` to append, and so on. There are two engines: RocksDB,
// opened by open_log.hpp, and one in memory, which the tests provide.
//
// Concurrency: as each interface says. The interfaces live as long as the engine.

#include "store/disk/disk_space.hpp"
#include "store/log/copier.hpp"
#include "store/log/erasable_log.hpp"
#include "store/log/event_log.hpp"
#include "store/log/provable_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace headwater::store {

/// Called with how many bytes are done, out of how many; returning an error ends the work with it.
using table_progress = std::function<result<void>(std::uint64_t done, std::uint64_t of)>;

class log_engine {
public:
  virtual ~log_engine() = default;
  log_engine(const log_engine&) = delete;
  log_engine& operator=(const log_engine&) = delete;

  [[nodiscard]] event_log& events() { return all_.events; }
  [[nodiscard]] const event_log& events() const { return all_.events; }
  [[nodiscard]] table_store& tables() { return all_.tables; }
  [[nodiscard]] const table_store& tables() const { return all_.tables; }
  [[nodiscard]] provable_log& proofs() { return all_.proofs; }
  [[nodiscard]] const provable_log& proofs() const { return all_.proofs; }
  [[nodiscard]] erasable_log& erasure() { return all_.erasure; }

  /// Looks at the disk, and has the engine's own work in the background, which needs room for a
  /// while, leave the mark free. Nothing for an engine that does not use files, and if the disk
  /// cannot be asked. A system call, so not for each request.
  [[nodiscard]] virtual std::optional<disk_room> look_at_disk(const low_water&) {
    return std::nullopt;
  }

  /// Ends the engine's own work in the background, such as merging tables, for good, so that
  /// nothing waits for it. After the last write, before the log is closed.
  virtual void stop_background_work() {}

  /// Reads every file of tables whole and compares its checksums, also where a table is derived
  /// from the log and so is not judged by reading events. errc::corrupt_log names table and file,
  /// and says what mends it.
  [[nodiscard]] virtual result<void> check_tables(const table_progress&) const { return {}; }

  /// Null for an engine that does not use files.
  [[nodiscard]] const copier* copies() const { return all_.copies; }

protected:
  /// The interfaces of an engine: its own parts, or itself several times.
  struct interfaces {
    event_log& events;
    table_store& tables;
    provable_log& proofs;
    erasable_log& erasure;
    const copier* copies = nullptr;
  };
  explicit log_engine(interfaces all) : all_(all) {}

private:
  interfaces all_;
};

} // namespace headwater::store
