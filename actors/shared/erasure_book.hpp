#pragma once

// Which accounts were erased, and how far each erasure has got. Thread-safe; the directory adds an
// erasure when it is durable, the eraser reports progress, io threads query it. Kept in memory,
// because there are few.
//
// Invariant: contains() is true from before the erasure is answered, for ever.

#include "actors/protocol/erasure_progress.hpp"
#include "domain/core/error.hpp"
#include "store/tables/table_store.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace headwater::actors {

class erasure_book {
public:
  /// Loads the erased accounts of a log, and how far each erasure had got.
  [[nodiscard]] static result<std::unique_ptr<erasure_book>> load(const store::table_store& tables);

  [[nodiscard]] bool contains(const std::string& account_id) const;
  [[nodiscard]] std::optional<erasure_progress> find(const std::string& account_id) const;
  /// Adds or replaces.
  void put(erasure_progress progress);
  /// In the order in which they were requested.
  [[nodiscard]] std::vector<erasure_progress> unfinished() const;

  /// Makes the current erasure end at its next check; the service is stopping.
  void stop() { is_stopping_ = true; }
  [[nodiscard]] std::atomic<bool>& is_stopping() { return is_stopping_; }

private:
  mutable std::shared_mutex lock_;
  std::map<std::string, erasure_progress> known_;
  std::atomic<bool> is_empty_ = true;
  std::atomic<bool> is_stopping_ = false;
};

} // namespace headwater::actors
