#pragma once

// What actors and io threads share besides messages: the log to read, caches of its projections,
// the loaded accounts, health and metrics. All of it is thread-safe.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/admission.hpp"
#include "actors/shared/disk_status.hpp"
#include "actors/shared/erasure_book.hpp"
#include "actors/shared/health.hpp"
#include "actors/shared/loaded_account.hpp"
#include "actors/shared/metrics.hpp"
#include "actors/shared/projection_cache.hpp"
#include "actors/shared/snapshot_status.hpp"
#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/platforms/own_platforms.hpp"
#include "store/disk/key_file.hpp"
#include "store/log/log_engine.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

namespace headwater::actors {

using token_cache = projection_cache<digest, token_entry>;
/// Hashes that are known to belong to no token; the values are all the same.
using unknown_token_cache = projection_cache<digest, const bool>;
using account_cache = projection_cache<std::string, const accounts::account>;
using brand_cache = projection_cache<std::int64_t, const std::string>;
using connection_cache = projection_cache<std::string, const referrals::connection>;
using own_platforms_cache = projection_cache<std::int64_t, const referrals::own_platforms>;

/// The accounts in memory by id: the registry adds and removes them, io threads find them.
class loaded_accounts {
public:
  /// Null if the account is not in memory: ask the registry.
  [[nodiscard]] loaded_account_ptr find(const std::string& account_id) const {
    std::shared_lock hold{lock_};
    auto found = accounts_.find(account_id);
    return found == accounts_.end() ? nullptr : found->second;
  }
  void add(loaded_account_ptr loaded) {
    std::unique_lock hold{lock_};
    if (!closed_.contains(loaded->id))
      accounts_[loaded->id] = std::move(loaded);
  }
  void remove(const std::string& account_id) {
    std::unique_lock hold{lock_};
    accounts_.erase(account_id);
  }
  /// Removes an erased account, and never accepts it again.
  void close(const std::string& account_id) {
    std::unique_lock hold{lock_};
    closed_.insert(account_id);
    accounts_.erase(account_id);
  }
  /// Removes and returns all accounts.
  [[nodiscard]] std::vector<loaded_account_ptr> clear() {
    std::unique_lock hold{lock_};
    std::vector<loaded_account_ptr> out;
    for (auto& [id, loaded] : std::exchange(accounts_, {}))
      out.push_back(loaded);
    return out;
  }

private:
  mutable std::shared_mutex lock_;
  text_map<loaded_account_ptr> accounts_;
  text_set closed_;
};

/// Limits that the operator may set.
struct service_limits {
  std::size_t max_rules = 50'000;     ///< per account and kind
  std::size_t max_events = 10'000;    ///< rows in one push
  std::uint64_t state_events = 1'000; ///< between two kept states of an account; 0: none are kept
  std::size_t ingest_queue = 64; ///< pushes that one ingest worker holds, including waiting ones
  account_quota quota;
  std::size_t account_tokens = 1'000;    ///< usable ones of an account
  std::size_t brand_connections = 1'000; ///< of a brand, including disabled ones
  store::low_water low_water;
};

struct service_parts {
  std::shared_ptr<store::log_engine> log;
  std::shared_ptr<health> status;
  std::shared_ptr<disk_status> disk;
  std::shared_ptr<metrics> counters;
  std::shared_ptr<token_cache> tokens;
  std::shared_ptr<unknown_token_cache> unknown_tokens; ///< look into `tokens` first
  std::shared_ptr<account_cache> accounts;
  std::shared_ptr<brand_cache> brands;
  std::shared_ptr<connection_cache> connections;
  /// How often it was noted how a push went. Part of the tags of lists that show it, because no log
  /// position covers it.
  std::shared_ptr<std::atomic<std::uint64_t>> push_notes;
  std::shared_ptr<own_platforms_cache> own_platforms; ///< by brand, including brands without any
  std::shared_ptr<loaded_accounts> loaded;
  std::shared_ptr<erasure_book> erasures;
  std::shared_ptr<account_counts> counts;
  std::shared_ptr<snapshot_status> snapshots;
  std::filesystem::path snapshot_directory;
  std::shared_ptr<const store::log_key> key; ///< signs checkpoints; null if there is none
  compiler_pair compilers;
  state_writer_actor state_writer;
  service_limits limits;
};

} // namespace headwater::actors
