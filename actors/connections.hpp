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

#include <vector>

namespace headwater::actors {

/// The workers of the ingest pool; a connection belongs to one of them by the hash of its id.
class ingest_pool {
public:
  ingest_pool() = default;
  explicit ingest_pool(std::vector<ingest_actor> workers) : workers_(std::move(workers)) {}

  [[nodiscard]] const ingest_actor& owner_of(const std::string& connection_id) const {
    return workers_[std::hash<std::string>{}(connection_id) % workers_.size()];
  }
  [[nodiscard]] const std::vector<ingest_actor>& workers() const { return workers_; }

private:
  std::vector<ingest_actor> workers_;
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
