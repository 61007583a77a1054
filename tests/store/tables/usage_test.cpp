// What counts against quotas: kept by each append, in the same write as its events.

#include "store/tables/usage.hpp"
#include "tests/store/log_fixture.hpp"
#include "tests/store/memory_log.hpp"

namespace headwater::store::testing {
namespace {

/// The sum of all events of a stream, read back.
usage counted(const event_log& log, const stream_name& stream) {
  usage out;
  BOOST_REQUIRE(log.read_stream(stream, 1, [&](const recorded_event& event) -> result<void> {
    out += usage_of_event(event.header_text, event.part->text);
    return {};
  }));
  return out;
}

usage stored(const table_store& tables, std::string_view key) {
  const auto row = tables.get(table::usage, key).value();
  return row ? decode_usage(*row).value() : usage{};
}

void append_counted(event_log& log, const stream_name& stream, std::uint64_t version,
                    const std::string& key) {
  auto request = request_of(stream, version);
  for (auto& command : request.commands)
    command.counts_for = key;
  const auto outcome = log.append({&request, 1}, 1'000).at(0);
  BOOST_REQUIRE((outcome.status == append_status::appended));
  BOOST_REQUIRE(outcome.added.size() == request.commands.size());
  std::uint64_t added = 0;
  for (const auto& each : outcome.added)
    added += each.events;
  BOOST_TEST(added == outcome.events.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(counts_against_quotas)

BOOST_AUTO_TEST_CASE(a_count_is_read_as_it_was_written) {
  const usage most{UINT64_MAX, 5};
  BOOST_TEST((decode_usage(encode_usage(most)) == most));
  BOOST_TEST(!decode_usage("").has_value());
  BOOST_TEST(!decode_usage(encode_usage({}) + "x").has_value());
}

BOOST_AUTO_TEST_CASE(an_append_counts_what_its_events_take) {
  memory_log log;
  append_counted(log, "account/a", 0, "a/a");
  append_counted(log, "connection/x", 0, "b/x");
  append_counted(log, "connection/y", 0, "b/x");
  must_append(log, request_of("account/uncounted", 0));
  BOOST_TEST((stored(log, "a/a") == counted(log, "account/a")));
  auto both = counted(log, "connection/x");
  both += counted(log, "connection/y");
  BOOST_TEST((stored(log, "b/x") == both));
  BOOST_TEST(stored(log, "a/a").bytes > 100U);
}

BOOST_AUTO_TEST_CASE(counts_survive_a_restart) {
  scratch_directory directory;
  {
    auto log = open_or_fail(directory.data());
    append_counted(*log, "account/a", 0, "a/a");
  }
  auto log = open_or_fail(directory.data());
  append_counted(*log, "account/a", *log->version("account/a"), "a/a");
  BOOST_TEST((stored(*log, "a/a") == counted(*log, "account/a")));
  BOOST_TEST((*log->position(table::usage) == log->end().position));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
