#pragma once

// Counts of requests by route, method and status, and their latencies. Each io thread writes its
// own shard with relaxed stores, so that a request touches no shared cache line and looks up no
// label; /metrics adds up the shards.

#include "http/server/router.hpp"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace headwater::http {

/// A counter with one writing thread and many readers.
class local_counter {
public:
  void add(std::uint64_t by = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void subtract() noexcept {
    value_.store(value_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// Upper bounds of the latency histogram in microseconds; one more bucket is unbounded.
inline constexpr std::array<std::uint32_t, 14> latency_bounds{
    50,     100,    250,    500,     1'000,   2'500,     5'000,
    10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 10'000'000};

/// The statuses that the service uses; anything else is counted as 500.
inline constexpr std::array<unsigned short, 26> counted_statuses{
    200, 201, 202, 204, 303, 304, 308, 400, 401, 403, 404, 405, 408,
    409, 410, 412, 413, 414, 415, 422, 429, 431, 500, 501, 503, 505};

struct route_counters {
  std::array<local_counter, counted_statuses.size()> statuses;
  std::array<local_counter, latency_bounds.size() + 1> latencies;
  local_counter microseconds;

  void record(unsigned short status, std::chrono::microseconds took) noexcept;
};

struct metrics_shard {
  explicit metrics_shard(std::size_t routes) : by_route(routes + 1) {}

  std::vector<route_counters> by_route; ///< the last one: requests that matched no route
  local_counter in_flight;
  local_counter connections;
  local_counter accepted;
  local_counter refused; ///< connections beyond the limit
  local_counter failed_handshakes;
};

class tls_source;

class metrics final : public prometheus::Collectable {
public:
  metrics(const router& routes, std::size_t threads, std::size_t connections_limit);

  [[nodiscard]] metrics_shard& shard(std::size_t thread) { return *shards_[thread]; }
  /// Also shows until when the certificate is valid; null: there is none.
  void show_certificate(std::shared_ptr<const tls_source> of) { tls_ = std::move(of); }
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

private:
  struct label {
    std::string route;
    std::string method;
  };

  void add_routes(std::vector<prometheus::MetricFamily>& out) const;
  void add_connections(std::vector<prometheus::MetricFamily>& out) const;

  std::vector<label> labels_;
  std::vector<std::unique_ptr<metrics_shard>> shards_;
  std::size_t connections_limit_;
  std::shared_ptr<const tls_source> tls_;
};

} // namespace headwater::http
