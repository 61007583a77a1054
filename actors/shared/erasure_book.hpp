#pragma once

// Which accounts were erased, and how far that has come. Thread-safe; the directory adds to it when
// an erasure is durable, the eraser tells how it goes on, io threads ask it. In memory, because
// there are few.
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
  /// What a log knows: its erased accounts, and how far they had come.
  [[nodiscard]] static result<std::unique_ptr<erasure_book>> load(const store::table_store& tables);

  [[nodiscard]] bool contains(const std::string& account_id) const;
  [[nodiscard]] std::optional<erasure_progress> find(const std::string& account_id) const;
  /// Adds or replaces.
  void put(erasure_progress progress);
  /// In the order in which they were asked for.
  [[nodiscard]] std::vector<erasure_progress> unfinished() const;

  /// Ends the erasure under way as soon as it looks; the service is stopping.
  void stop() { is_stopping_ = true; }
  [[nodiscard]] std::atomic<bool>& is_stopping() { return is_stopping_; }

private:
  mutable std::shared_mutex lock_;
  std::map<std::string, erasure_progress> known_;
  std::atomic<bool> is_empty_ = true;
  std::atomic<bool> is_stopping_ = false;
};

} // namespace headwater::actors
