#pragma once

// An open log as its owner holds it. Whoever works on it is given only the interface that the work
// needs: `const table_store&` to look rows up, `event_log&` to append, and so on. There are two
// engines: RocksDB, which open_log.hpp opens, and memory, which the tests bring.
//
// Concurrency: as each interface says. The interfaces live as long as the engine.

#include "store/log/copier.hpp"
#include "store/log/erasable_log.hpp"
#include "store/log/event_log.hpp"
#include "store/log/provable_log.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::store {

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

  /// Null for an engine that keeps nothing in files.
  [[nodiscard]] const copier* copies() const { return all_.copies; }

protected:
  /// What an engine consists of: parts of its own, or itself several times.
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
