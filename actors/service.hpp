#pragma once

// The service as http/ and tools/ see it: opens the data directory, and starts and ends every
// actor. Everything that a request may use is reachable from here.
//
// Threads: handles, caches and pools may be used from any thread between open() and stop().
//
// A read takes its account from parts().loaded (or asks the registry once to load it) and the rules
// from the loaded account, without sending a message; a change goes to the account's actor. An
// actor replies only when its result is durable and published, so a read after the reply sees the
// change.

#include "actors/checkpointer.hpp"
#include "actors/connections.hpp"
#include "actors/protocol/interfaces.hpp"
#include "actors/reader.hpp"
#include "actors/shared/service_parts.hpp"
#include "actors/snapshotter.hpp"
#include "store/disk/open_files.hpp"
#include "store/log/log_engine.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace headwater::actors {

struct service_settings {
  std::filesystem::path data;
  service_limits limits;
  std::chrono::milliseconds passivate_after{300'000}; ///< idle accounts leave memory
  std::size_t readers = 2;                            ///< threads for blocking look-ups
  std::size_t loaders = 1;                            ///< threads that bring accounts into memory
  std::size_t report_readers = 2;                     ///< threads for reports
  std::size_t ingest_workers =
      4; ///< more than processors, so that a few connections do not share one
  std::size_t scheduler_threads = 2;
  std::size_t block_cache_bytes = std::size_t{64} << 20;
  std::size_t open_tables = store::most_open_tables; ///< of the database, at a time
  bool accept_clock = false; ///< whatever the clock says; see domain/core/clock_check.hpp
  snapshot_settings snapshots;
  checkpoint_settings checkpoints;
};

class service {
public:
  /// Opens the data directory, rebuilds projections that lag behind the log, and starts the actors.
  /// Errors, before anything was written: those of check_clock, unless the clock is accepted; those
  /// of store::open_log; those of open_log_key.
  [[nodiscard]] static result<std::unique_ptr<service>> open(const service_settings& settings);

  /// Runs on an open log; for tests. Without a key nothing is signed.
  service(std::shared_ptr<store::log_engine> log, const service_settings& settings,
          key_ptr key = nullptr);
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  [[nodiscard]] caf::actor_system& system();
  [[nodiscard]] const service_parts& parts() const { return parts_; }
  [[nodiscard]] const registry_actor& registry() const { return registry_; }
  [[nodiscard]] const directory_actor& directory() const { return directory_; }
  [[nodiscard]] const connections_actor& connections() const { return connections_; }
  [[nodiscard]] const importer_actor& importer() const { return importer_; }
  [[nodiscard]] const snapshotter_actor& snapshotter() const { return snapshotter_; }
  [[nodiscard]] const ingest_pool& ingest() const { return ingest_; }
  [[nodiscard]] const reader_pool& readers() const { return readers_; }
  /// Fair queues for slow requests, each with readers of its own, so that no look-up waits behind
  /// them, and no account waits behind everything that another one asks for.
  [[nodiscard]] const fair_queue_actor& reports() const { return reports_; }
  [[nodiscard]] const fair_queue_actor& linter() const { return linter_; }
  [[nodiscard]] const fair_queue_actor& large_bodies() const { return large_bodies_; }
  [[nodiscard]] const fair_queue_actor& historian() const {
    return historian_;
  } ///< the past of rules
  [[nodiscard]] const fair_queue_actor& log_reader() const { return log_reader_; }
  [[nodiscard]] const fair_queue_actor& lister() const { return lister_; } ///< pieces of lists

  /// Creates a token with a role for all accounts, from `secret` or a generated secret, and returns
  /// the secret. Blocks; for start-up and the command line.
  [[nodiscard]] result<std::string> create_token(const std::string& name, const std::string& role,
                                                 const std::optional<std::string>& secret);

  /// True while no token was ever created.
  [[nodiscard]] result<bool> is_new() const;
  /// Whether it is the secret of a token, revoked ones included. Blocks.
  [[nodiscard]] bool knows_token(std::string_view secret) const;

  /// Ends all actors; appends under way finish first, and a last checkpoint covers them. Runs once;
  /// the destructor calls it if necessary.
  void stop();

private:
  struct runtime;

  service_parts parts_;
  std::unique_ptr<runtime> runtime_;
  journal_actor journal_;
  reader_pool readers_;
  reader_pool loaders_;
  std::vector<reader_actor> queue_readers_;
  fair_queue_actor reports_;
  fair_queue_actor linter_;
  fair_queue_actor large_bodies_;
  fair_queue_actor historian_;
  fair_queue_actor log_reader_;
  fair_queue_actor lister_;
  registry_actor registry_;
  directory_actor directory_;
  importer_actor importer_;
  ingest_pool ingest_;
  connections_actor connections_;
  eraser_actor eraser_;
  snapshotter_actor snapshotter_;
  checkpointer_actor checkpointer_; ///< none if checkpoints are off
};

} // namespace headwater::actors
