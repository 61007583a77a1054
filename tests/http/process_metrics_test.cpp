#include "http/process_metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace headwater::http {
namespace {

double value_of(const std::string& name) {
  for (const auto& each : process_metrics())
    if (each.name == name) {
      BOOST_TEST((each.type == prometheus::MetricType::Gauge));
      BOOST_REQUIRE(each.metric.size() == 1U);
      return each.metric[0].gauge.value;
    }
  BOOST_FAIL(name);
  return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_of_the_process)

BOOST_AUTO_TEST_CASE(memory_grows_with_what_is_written_to) {
  constexpr std::size_t size = std::size_t{64} << 20;
  const auto before = value_of("process_resident_memory_bytes");
  BOOST_TEST(before > 1e6);
  const auto used = std::make_unique<char[]>(size); // zeroes it
  BOOST_TEST(used[size - 1] == 0);
  BOOST_TEST(value_of("process_resident_memory_bytes") > before + size / 2.0);
}

BOOST_AUTO_TEST_CASE(process_was_started_a_while_ago) {
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  const auto started = value_of("process_start_time_seconds");
  BOOST_TEST(started <= now.count() + 2); // the start of the machine is told in whole seconds
  BOOST_TEST(started > now.count() - 86'400);
  BOOST_TEST(value_of("process_start_time_seconds") == started);
}

BOOST_AUTO_TEST_CASE(build_is_told_by_a_label) {
  const auto one = build_info("1.2.3");
  BOOST_TEST(one.name == "headwater_build_info");
  BOOST_REQUIRE(one.metric.size() == 1U);
  BOOST_TEST(one.metric[0].gauge.value == 1);
  BOOST_REQUIRE(one.metric[0].label.size() == 1U);
  BOOST_TEST(one.metric[0].label[0].name == "version");
  BOOST_TEST(one.metric[0].label[0].value == "1.2.3");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
