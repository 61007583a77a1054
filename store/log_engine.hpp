#pragma once

// An open log as its owner holds it. Whoever works on it is given only the interface that the work
// needs: `const table_store&` to look rows up, `event_log&` to append, and so on. There are two
// engines: RocksDB, which open_log.hpp opens, and memory, which the tests bring.
//
// Concurrency: as each interface says. The interfaces live as long as the engine.

#include "store/copier.hpp"
#include "store/erasable_log.hpp"
#include "store/event_log.hpp"
#include "store/provable_log.hpp"
#include "store/table_store.hpp"

namespace headwater::store {

class log_engine : public event_log, public table_store, public provable_log, public erasable_log {
public:
  [[nodiscard]] event_log& events() { return *this; }
  [[nodiscard]] const event_log& events() const { return *this; }
  [[nodiscard]] table_store& tables() { return *this; }
  [[nodiscard]] const table_store& tables() const { return *this; }
  [[nodiscard]] provable_log& proofs() { return *this; }
  [[nodiscard]] const provable_log& proofs() const { return *this; }
  [[nodiscard]] erasable_log& erasure() { return *this; }

  /// Null for an engine that keeps nothing in files.
  [[nodiscard]] virtual const copier* copies() const { return nullptr; }
};

} // namespace headwater::store
