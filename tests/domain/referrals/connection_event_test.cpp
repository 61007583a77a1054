#include "domain/referrals/connection_event.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

const connection_identity recorded_identity{"01ARZ3NDEKTSV4RRFFQ69G5FAV", 4711,
                                            "https://www.Example.com/Caf\xc3\xa9",
                                            provider::google_analytics, 1'779'235'200'123'456};

std::string golden(const std::string& name) {
  std::ifstream in(std::string{HEADWATER_SOURCE_DIR} + "/tests/golden/referrals/" + name,
                   std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in.good(), name);
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (text.ends_with('\n'))
    text.pop_back();
  return text;
}

batch_received full_batch() {
  batch_received event;
  event.connection = recorded_identity;
  event.accepted = 5;
  event.rejected = 2;
  event.deduplicated = 3;
  event.errors = {"Row 1: referrer is not on the AI platform allow-list: google.com",
                  "Row 6: date is after tomorrow (UTC): 2099-01-01"};
  event.batch_ids = {"b-2", "b-1"};
  auto day = *parse_date("2026-05-20");
  event.rows = {
      {{day, "chatgpt.com", "/blog/launch-notes", {1, 2, 0, revenue{19'990'000}}, "b-2"},
       "ChatGPT"},
      {{day - 1, "perplexity / (not set)", "/\"quoted\"\t\x01\xe2\x82\xac", {}, std::nullopt},
       "Perplexity"},
  };
  return event;
}

struct sample {
  std::string file;
  connection_event event;
};

std::vector<sample> samples() {
  auto registered = recorded_identity;
  registered.created_at = 0;
  batch_received empty;
  empty.connection = recorded_identity;
  return {{"connection_registered.1.json", connection_registered{registered}},
          {"connection_disabled.1.json", connection_disabled{recorded_identity}},
          {"connection_reactivated.1.json", connection_reactivated{recorded_identity}},
          {"batch_received.1.json", full_batch()},
          {"batch_received_empty.1.json", empty}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(connection_events)

BOOST_AUTO_TEST_CASE(events_are_written_as_their_golden_files) {
  for (const auto& [file, event] : samples())
    BOOST_TEST_CONTEXT(file) {
      BOOST_TEST(encode(event) == golden(file));
      BOOST_TEST(schema_of(event) == 1);
      BOOST_TEST(file.starts_with(type_of(event)));
    }
}

BOOST_AUTO_TEST_CASE(golden_files_are_read_and_written_again_byte_for_byte) {
  for (const auto& [file, event] : samples())
    BOOST_TEST_CONTEXT(file) {
      auto read = decode_connection_event(type_of(event), 1, golden(file));
      BOOST_REQUIRE(read.has_value());
      BOOST_TEST((*read == event));
      BOOST_TEST(encode(*read) == golden(file));
    }
}

BOOST_AUTO_TEST_CASE(null_stays_distinct_from_zero) {
  auto read = decode_connection_event("batch_received", 1, encode(full_batch()));
  BOOST_REQUIRE(read.has_value());
  const auto& rows = std::get<batch_received>(*read).rows;
  BOOST_TEST(rows[0].row.metrics.transactions.value() == 0);
  BOOST_TEST(!rows[1].row.metrics.transactions.has_value());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_corruption_with_a_reason) {
  auto good = encode(full_batch());
  auto with = [&good](std::string_view from, std::string_view to) {
    auto text = good;
    auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  const std::string bad[] = {
      "", "[]", "{}", good.substr(0, good.size() / 2), with("\"accepted\":5", "\"accepted\":-5"),
      with("\"accepted\":5", "\"accepted\":\"5\""), with("\"2026-05-20\"", "\"2026-02-30\""),
      with("\"19.99\"", "\"19.990\""), with("\"19.99\"", "19.99"),
      with("\"pageviews\":1", "\"pageviews\":-1"), with("google_analytics", "plausible"),
      with("\"platform\"", "\"plattform\""), with("\"created_at\":\"2026", "\"created_at\":\"x026"),
      with("\"b-2\",\"b-1\"", "\"b-2\",1"),
      // Half a surrogate pair is no UTF-8.
      with("\"b-2\",\"b-1\"", R"("b-2","b\udc00")"), with("https://", R"(https:\udc00)")};
  for (const auto& text : bad)
    BOOST_TEST_CONTEXT(text) {
      auto read = decode_connection_event("batch_received", 1, text);
      BOOST_REQUIRE(read.has_error());
      BOOST_TEST((read.error().code == errc::corrupt_log));
      BOOST_TEST(read.error().message.starts_with("batch_received version 1: "));
    }
  BOOST_TEST(decode_connection_event("batch_received", 2, good).has_error());
  BOOST_TEST(decode_connection_event("batch_sent", 1, good).has_error());
}

BOOST_AUTO_TEST_CASE(the_state_follows_from_the_last_event_alone) {
  auto registered = recorded_identity;
  registered.created_at = 0;
  auto first = state_after(connection_registered{registered}, {1, recorded_identity.created_at});
  BOOST_TEST((first == connection{recorded_identity, connection_status::active, 1}));
  BOOST_TEST((state_after(connection_disabled{recorded_identity}, {2, 99}) ==
              connection{recorded_identity, connection_status::disabled, 2}));
  BOOST_TEST((state_after(connection_reactivated{recorded_identity}, {3, 99}) ==
              connection{recorded_identity, connection_status::active, 3}));
  BOOST_TEST((state_after(full_batch(), {4, 99}) ==
              connection{recorded_identity, connection_status::active, 4}));
}

BOOST_AUTO_TEST_SUITE_END()
