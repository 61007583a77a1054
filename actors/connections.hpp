#pragma once

// Registers and disables AI-referral connections. One actor decides for all brands, so that "one
// active connection per brand and website" holds; the change itself is appended by the ingest
// worker that owns the connection's stream. Detached, because it reads the indexes.
//
// It takes the next request only when the change before is durable and indexed (`.await`). The
// directory has it append what takes a brand from its account, so that no registration comes in
// between the look for connections and the change.

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace headwater::actors {

/// The workers of the ingest pool; a connection belongs to one of them by the hash of its id. Each
/// holds only so many pushes at a time, waiting ones included.
class ingest_pool {
public:
  ingest_pool() = default;
  ingest_pool(std::vector<ingest_actor> workers, std::size_t pushes_each)
      : workers_(std::move(workers)), held_(workers_.size()), limit_(pushes_each) {
    for (auto& held : held_)
      held = std::make_shared<std::atomic<std::size_t>>(0);
  }

  [[nodiscard]] const ingest_actor& owner_of(const std::string& connection_id) const {
    return workers_[index_of(connection_id)];
  }
  /// A place for one push, taken until the last copy of it goes; null if its worker holds as many
  /// as it may.
  [[nodiscard]] queue_place enter(const std::string& connection_id) const;
  [[nodiscard]] const std::vector<ingest_actor>& workers() const { return workers_; }

private:
  [[nodiscard]] std::size_t index_of(const std::string& connection_id) const {
    return std::hash<std::string>{}(connection_id) % workers_.size();
  }

  std::vector<ingest_actor> workers_;
  std::vector<std::shared_ptr<std::atomic<std::size_t>>> held_; ///< pushes of each worker
  std::size_t limit_ = 0;
};

struct connections_state {
  static inline const char* name = "connections";

  service_parts parts;
  ingest_pool pool;
  journal_actor journal;
};

connections_actor::behavior_type
connections(connections_actor::stateful_pointer<connections_state> self, service_parts parts,
            ingest_pool pool, journal_actor journal);

} // namespace headwater::actors
