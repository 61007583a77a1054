#pragma once

// Registers and disables AI-referral connections. One actor decides for all brands, so that "one
// active connection per brand and website" holds; the change itself is appended by the ingest
// worker that owns the connection's stream. Detached, because it reads the indexes.
//
// Requests that arrive together, or while the ones before them are being written, form a batch as
// far as none depends on what another changes; the next batch begins when all of it is durable and
// indexed. Appends that take a brand away from its account go through here as well, each alone, so
// that no registration can happen between the check for connections and the append.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"
#include "actors/shared/shares.hpp"
#include "domain/core/keyed_hash.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <variant>
#include <vector>

namespace headwater::actors {

/// The workers of the ingest pool; a connection belongs to one of them by the hash of its id. Each
/// holds a limited number of pushes, waiting ones included, and half as many from one account.
class ingest_pool {
public:
  ingest_pool() = default;
  ingest_pool(std::vector<ingest_actor> workers, std::size_t pushes_each)
      : workers_(std::move(workers)) {
    const auto of_one = std::max<std::size_t>(1, pushes_each / 2);
    for (std::size_t i = 0; i < workers_.size(); ++i)
      places_.push_back(std::make_shared<shares>(pushes_each, of_one));
  }

  [[nodiscard]] const ingest_actor& owner_of(const std::string& connection_id) const {
    return workers_[index_of(connection_id)];
  }
  /// Reserves a place for one push, held until the last copy of the result goes; null if its worker
  /// already holds as many as it may, in all or for the account.
  [[nodiscard]] queue_place enter(const std::string& connection_id,
                                  const std::string& account_id) const;
  [[nodiscard]] const std::vector<ingest_actor>& workers() const { return workers_; }

private:
  [[nodiscard]] std::size_t index_of(const std::string& connection_id) const {
    return text_hash{}(connection_id) % workers_.size();
  }

  std::vector<ingest_actor> workers_;
  std::vector<std::shared_ptr<shares>> places_; ///< of each worker
};

struct connection_job {
  connection_request request;
  caf::typed_response_promise<connection_reply> reply;
};
struct release_job {
  std::variant<brand_release, account_release> release;
  caf::typed_response_promise<release_reply> reply;
};

struct connections_state {
  static inline const char* name = "connections";

  service_parts parts;
  ingest_pool pool;
  journal_actor journal;
  std::deque<std::variant<connection_job, release_job>> waiting;
  std::size_t under_way = 0;  ///< changes that are not durable yet; 0: a batch may begin
  bool drain_is_sent = false; ///< `waiting` will be looked at
};

connections_actor::behavior_type
connections(connections_actor::stateful_pointer<connections_state> self, service_parts parts,
            ingest_pool pool, journal_actor journal);

} // namespace headwater::actors
