#pragma once

// The HTTP server: io threads, listener and sessions around a table of routes. Owned by tools/ (or
// a test). Call start() and stop() from one thread, not an io thread.

#include "domain/core/error.hpp"
#include "http/server/metrics.hpp"
#include "http/server/router.hpp"
#include "http/server/settings.hpp"

#include <cstdint>
#include <memory>

namespace caf {
class actor_system;
}

namespace headwater::actors {
class storage_errors;
}

namespace headwater::http {

class application;

class server {
public:
  /// Handlers get `app` from exchange::app(), and their questions go to `actors`; either may be
  /// null if no handler needs it. Errors of stored data are counted in `storage`, unless it is
  /// null. All three must outlive the server.
  server(std::vector<endpoint> routes, settings limits, application* app, caf::actor_system* actors,
         actors::storage_errors* storage = nullptr);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds, listens and starts the threads. bad_request for the address, io_failed for the socket;
  /// for the files of TLS see tls_context::load().
  [[nodiscard]] result<void> start();
  /// The port that the server listens on.
  [[nodiscard]] std::uint16_t port() const;
  /// That of the listener for operators; only if settings::ops_listen is given.
  [[nodiscard]] std::uint16_t ops_port() const;
  /// Reads the certificate and its key again, for new connections; without TLS nothing is done. If
  /// it fails, the old pair stays in use: see tls_context::load() for the errors.
  [[nodiscard]] result<void> reload_tls();
  /// Stops accepting, finishes what is in flight within settings::stop_timeout, ends the threads.
  void stop();

  [[nodiscard]] const router& routes() const;
  [[nodiscard]] std::shared_ptr<metrics> counters() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace headwater::http
