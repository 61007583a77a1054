#include "http/server/metrics.hpp"
#include "http/server/response.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>

namespace headwater::http {
namespace {

using namespace std::chrono_literals;

router two_routes() {
  endpoint one, other;
  one.verb = method::get;
  one.path = "/one";
  one.name = "one";
  other.verb = method::post;
  other.path = "/other";
  other.name = "other";
  return router({one, other});
}

std::string labels_of(const prometheus::ClientMetric& of) {
  std::string out;
  for (const auto& each : of.label)
    out += (out.empty() ? "" : " ") + each.value;
  return out;
}

prometheus::MetricFamily family_named(const metrics& from, const std::string& name) {
  for (auto& each : from.Collect())
    if (each.name == name)
      return each;
  BOOST_FAIL(name);
  return {};
}

std::map<std::string, double> requests(const metrics& from) {
  std::map<std::string, double> out;
  for (const auto& each : family_named(from, "headwater_http_requests_total").metric)
    out[labels_of(each)] = each.counter.value;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_metrics)

BOOST_AUTO_TEST_CASE(requests_of_all_threads_are_added_up) {
  const auto routes = two_routes();
  metrics all(routes, 2, 100);
  all.shard(0).by_route[0].record(200, 1ms);
  all.shard(1).by_route[0].record(200, 1ms);
  all.shard(1).by_route[1].record(422, 1ms);
  all.shard(0).by_route[2].record(404, 1ms); // matched none
  const std::map<std::string, double> expected{
      {"one GET 200", 2}, {"other POST 422", 1}, {"none any 404", 1}};
  BOOST_TEST((requests(all) == expected));
}

BOOST_AUTO_TEST_CASE(every_status_that_can_be_answered_is_counted_as_itself) {
  const auto routes = two_routes();
  metrics all(routes, 1, 100);
  std::map<std::string, double> expected;
  for (unsigned short status = 200; status < 600; ++status)
    if (!reason_phrase(status).empty()) {
      all.shard(0).by_route[0].record(status, 1ms);
      expected["one GET " + std::to_string(status)] = 1;
    }
  BOOST_TEST((requests(all) == expected));
}

BOOST_AUTO_TEST_CASE(a_status_that_nobody_knows_is_a_failure_of_ours) {
  const auto routes = two_routes();
  metrics all(routes, 1, 100);
  all.shard(0).by_route[0].record(299, 1ms);
  BOOST_TEST((requests(all) == std::map<std::string, double>{{"one GET 500", 1}}));
}

BOOST_AUTO_TEST_CASE(latencies_fall_into_buckets_that_include_their_bound) {
  const auto routes = two_routes();
  metrics all(routes, 1, 100);
  auto& of = all.shard(0).by_route[0];
  for (const auto took : {-1us, 0us, 50us, 51us, 10'000'000us, 10'000'001us})
    of.record(200, took);
  const auto family = family_named(all, "headwater_http_request_seconds");
  BOOST_REQUIRE(family.metric.size() == 1U);
  const auto& got = family.metric[0].histogram;
  BOOST_TEST(got.sample_count == 6U);
  BOOST_TEST(std::abs(got.sample_sum - 20.000102) < 1e-9);
  BOOST_REQUIRE(got.bucket.size() == latency_bounds.size() + 1);
  BOOST_TEST(got.bucket[0].cumulative_count == 3U);
  BOOST_TEST(got.bucket[1].cumulative_count == 4U);
  BOOST_TEST(got.bucket[latency_bounds.size() - 1].cumulative_count == 5U);
  BOOST_TEST(got.bucket.back().cumulative_count == 6U);
  BOOST_TEST(std::isinf(got.bucket.back().upper_bound));
}

BOOST_AUTO_TEST_CASE(what_is_open_goes_up_and_down) {
  const auto routes = two_routes();
  metrics all(routes, 2, 77);
  all.shard(0).connections.add(3);
  all.shard(1).connections.add();
  all.shard(0).connections.subtract();
  const auto gauge = [&](const std::string& name) {
    return family_named(all, name).metric.at(0).gauge.value;
  };
  BOOST_TEST(gauge("headwater_http_connections") == 3);
  BOOST_TEST(gauge("headwater_http_in_flight") == 0);
  BOOST_TEST(gauge("headwater_http_connections_limit") == 77);
  BOOST_TEST(gauge("process_max_fds") > 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
