#include "http/server/metrics.hpp"

#include "http/tls/tls_context.hpp"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <limits>
#include <sys/resource.h>
#include <sys/stat.h>

namespace headwater::http {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily make_family(std::string name, std::string help, MetricType type) {
  MetricFamily out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.type = type;
  return out;
}

template <class Get>
double sum(const std::vector<std::unique_ptr<metrics_shard>>& shards, Get get) {
  std::uint64_t total = 0;
  for (const auto& one : shards)
    total += get(*one).get();
  return static_cast<double>(total);
}

MetricFamily make_gauge(std::string name, std::string help, double value) {
  auto out = make_family(std::move(name), std::move(help), MetricType::Gauge);
  out.metric.emplace_back().gauge.value = value;
  return out;
}

/// Under the names that Prometheus uses for all programs.
void add_descriptors(std::vector<MetricFamily>& to) {
  if (rlimit limit{}; ::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    to.push_back(make_gauge("process_max_fds", "Descriptors that may be open",
                            static_cast<double>(limit.rlim_cur)));
  // Linux before 6.2 shows no number here, and counting them takes too long.
  if (struct stat found{}; ::stat("/proc/self/fd", &found) == 0 && found.st_size > 0)
    to.push_back(make_gauge("process_open_fds", "Descriptors that are open",
                            static_cast<double>(found.st_size)));
}

} // namespace

void route_counters::record(unsigned short status, std::chrono::microseconds took) noexcept {
  auto at = std::find(counted_statuses.begin(), counted_statuses.end(), status);
  if (at == counted_statuses.end())
    at = std::find(counted_statuses.begin(), counted_statuses.end(), 500);
  statuses[static_cast<std::size_t>(at - counted_statuses.begin())].add();
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(0, took.count()));
  const auto bucket = std::lower_bound(latency_bounds.begin(), latency_bounds.end(), us);
  latencies[static_cast<std::size_t>(bucket - latency_bounds.begin())].add();
  microseconds.add(us);
}

metrics::metrics(const router& routes, std::size_t threads, std::size_t connections_limit)
    : connections_limit_(connections_limit) {
  for (const auto& one : routes.routes())
    labels_.push_back({std::string(one.name), std::string(to_string(one.verb))});
  labels_.push_back({"none", "any"});
  for (std::size_t i = 0; i < threads; ++i)
    shards_.push_back(std::make_unique<metrics_shard>(routes.routes().size()));
}

std::vector<MetricFamily> metrics::Collect() const {
  std::vector<MetricFamily> out;
  add_routes(out);
  add_connections(out);
  add_descriptors(out);
  return out;
}

void metrics::add_routes(std::vector<MetricFamily>& out) const {
  auto requests =
      make_family("headwater_http_requests_total", "Requests answered", MetricType::Counter);
  auto seconds = make_family("headwater_http_request_seconds",
                             "Seconds from a request's head to its answer", MetricType::Histogram);
  for (std::size_t route = 0; route < labels_.size(); ++route) {
    for (std::size_t i = 0; i < counted_statuses.size(); ++i) {
      const auto count = sum(
          shards_, [&](const metrics_shard& s) -> auto& { return s.by_route[route].statuses[i]; });
      if (count == 0)
        continue;
      ClientMetric one;
      one.label = {{"route", labels_[route].route},
                   {"method", labels_[route].method},
                   {"status", std::to_string(counted_statuses[i])}};
      one.counter.value = count;
      requests.metric.push_back(std::move(one));
    }
    ClientMetric timing;
    timing.label = {{"route", labels_[route].route}, {"method", labels_[route].method}};
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i <= latency_bounds.size(); ++i) {
      cumulative += static_cast<std::uint64_t>(sum(
          shards_, [&](const metrics_shard& s) -> auto& {
            return s.by_route[route].latencies[i];
          }));
      const double bound = i < latency_bounds.size() ? latency_bounds[i] / 1e6
                                                     : std::numeric_limits<double>::infinity();
      timing.histogram.bucket.push_back({cumulative, bound});
    }
    if (cumulative == 0)
      continue;
    timing.histogram.sample_count = cumulative;
    timing.histogram.sample_sum =
        sum(
            shards_,
            [&](const metrics_shard& s) -> auto& { return s.by_route[route].microseconds; }) /
        1e6;
    seconds.metric.push_back(std::move(timing));
  }
  out.push_back(std::move(requests));
  out.push_back(std::move(seconds));
}

void metrics::add_connections(std::vector<MetricFamily>& out) const {
  const auto add = [&](const char* name, const char* help, MetricType type,
                       local_counter metrics_shard::*which) {
    auto one = make_family(name, help, type);
    const auto value = sum(
        shards_, [&](const metrics_shard& s) -> auto& { return s.*which; });
    ClientMetric metric;
    if (type == MetricType::Gauge)
      metric.gauge.value = value;
    else
      metric.counter.value = value;
    one.metric.push_back(std::move(metric));
    out.push_back(std::move(one));
  };
  add("headwater_http_in_flight",
      "Requests being answered, but for those that wait for their clients", MetricType::Gauge,
      &metrics_shard::in_flight);
  add("headwater_http_connections", "Open connections", MetricType::Gauge,
      &metrics_shard::connections);
  add("headwater_http_accepted_total", "Connections accepted", MetricType::Counter,
      &metrics_shard::accepted);
  add("headwater_http_refused_total", "Connections beyond the limit", MetricType::Counter,
      &metrics_shard::refused);
  out.push_back(make_gauge("headwater_http_connections_limit", "Connections taken at a time",
                           static_cast<double>(connections_limit_)));
  if (const auto used = tls_ ? tls_->current() : nullptr) {
    add("headwater_tls_failed_handshakes_total", "Connections that did not agree on TLS",
        MetricType::Counter, &metrics_shard::failed_handshakes);
    out.push_back(make_gauge("headwater_tls_certificate_expiry_timestamp_seconds",
                             "When the certificate expires",
                             static_cast<double>(used->expires_at().count())));
  }
}

} // namespace headwater::http
