#include "domain/accounts/directory.hpp"
#include "tests/store/memory_log.hpp"
#include "tools/log/log_points.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace headwater::tools {
namespace {

void append(store::memory_log& log, const std::string& stream,
            std::vector<store::table_write> writes = {}) {
  store::append_command command;
  command.writes = std::move(writes);
  command.events.push_back({"thing_happened", 1, store::seal({"7", "01H"}, {}, "{}", {})});
  const store::append_request request{stream, 0, {command}};
  const auto outcomes = log.append({&request, 1}, 1'000);
  BOOST_REQUIRE((outcomes.at(0).status == store::append_status::appended));
}

errc code_of(const result<void>& what) {
  BOOST_REQUIRE(what.has_error());
  return what.error().code;
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_points)

BOOST_AUTO_TEST_CASE(a_point_is_a_version_or_a_time) {
  BOOST_TEST(*point_option("--from", "7").value().version == 7U);
  BOOST_TEST(*point_option("--from", "99999999999999999999").value().version ==
             std::numeric_limits<std::uint64_t>::max());
  const auto time = point_option("--from", "1970-01-01T00:00:01Z").value();
  BOOST_TEST(!time.version);
  BOOST_TEST(time.time == 1'000'000);
  const auto now = point_option("--to", "").value();
  BOOST_TEST(!now.version);
  BOOST_TEST(now.time == std::numeric_limits<micros>::max());
}

BOOST_AUTO_TEST_CASE(a_point_that_is_none_is_told_by_its_flag) {
  for (const auto* wrong : {"yesterday", "-1", "1.5", "2026-05-20", "2026-13-01T00:00:00Z", " 7"}) {
    const auto got = point_option("--from", wrong);
    BOOST_REQUIRE_MESSAGE(got.has_error(), wrong);
    BOOST_TEST((got.error().code == errc::validation_error));
    BOOST_TEST(got.error().message.starts_with("--from: '" + std::string(wrong) + "' is neither "),
               wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_fault_becomes_a_sentence_that_begins_with_its_flag) {
  const auto got = without_field(
      {errc::validation_error, "is not there yet", {{location{"--from"}, "x", "future"}}});
  BOOST_TEST(got.message == "--from: is not there yet");
  BOOST_TEST(got.faults.empty());
  BOOST_TEST(without_field({errc::io_failed, "cannot read"}).message == "cannot read");
}

BOOST_AUTO_TEST_CASE(an_account_is_known_by_its_events_or_by_the_directory) {
  store::memory_log log;
  BOOST_TEST((code_of(check_account(log, log, "a")) == errc::not_found));
  append(log, "account/a");
  BOOST_TEST(check_account(log, log, "a").has_value());
  append(log, "connection/c", {{store::table::directory, accounts::account_key("b"), "x"}});
  BOOST_TEST(check_account(log, log, "b").has_value());
  BOOST_TEST((code_of(check_account(log, log, "c")) == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_payload_that_went_without_an_erasure_is_damage) {
  store::memory_log log;
  append(log, "account/a");
  const std::uint64_t first[] = {1};
  BOOST_REQUIRE(log.erase_parts("account/a", first));
  BOOST_TEST((code_of(check_account(log, log, "a")) == errc::corrupt_log));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
