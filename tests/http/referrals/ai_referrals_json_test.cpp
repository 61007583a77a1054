#include "http/referrals/ai_referrals_json.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {
namespace {

using referrals::entry_kind;
using referrals::platform_entry;

accounts::brand_platform own(std::string platform, std::string host) {
  accounts::brand_platform out;
  out.platform = std::move(platform);
  out.host = std::move(host);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ai_referrals_json)

BOOST_AUTO_TEST_CASE(a_connection_that_has_nothing_yet_has_nulls) {
  actors::described_connection of;
  of.known.connection.identity.id = "01C";
  of.known.connection.identity.brand_id = 7;
  const auto got = connection_as_json(of);
  BOOST_TEST(got.starts_with(R"({"id":"01C","brand_id":7,)"));
  BOOST_TEST(got.ends_with(R"("last_pushed_at":null,"last_push_error":null,"rows":0,)"
                           R"("first_date":null,"last_date":null})"));
}

BOOST_AUTO_TEST_CASE(a_connection_tells_of_its_rows_and_its_last_push) {
  actors::described_connection of;
  of.known.last_pushed_at = 1'500'000;
  of.known.last_push_error = "no \"date\"";
  of.rows = {3, 20'000, 20'001};
  BOOST_TEST(connection_as_json(of).ends_with(
      R"("last_pushed_at":"1970-01-01T00:00:01Z","last_push_error":"no \"date\"","rows":3,)"
      R"("first_date":"2024-10-04","last_date":"2024-10-05"})"));
}

BOOST_AUTO_TEST_CASE(a_push_is_its_counts_and_errors) {
  BOOST_TEST(push_as_json({2, 1, 0, {"row 3: \"x\""}, true}) ==
             R"({"accepted":2,"rejected":1,"deduplicated":0,"errors":["row 3: \"x\""]})");
}

BOOST_AUTO_TEST_CASE(batches_come_with_who_pushed_them) {
  actors::batch_list page;
  page.total = 5;
  BOOST_TEST(batches_as_json(page) == R"({"items":[],"total":5})");
  actors::listed_batch one;
  one.sequence = 9;
  one.record.principal = "7";
  one.record.request_id = "r";
  one.record.accepted = 3;
  one.record.batch_ids = {"b"};
  one.record.batch_id_count = 1;
  page.batches = {one};
  BOOST_TEST(batches_as_json(page) ==
             R"({"items":[{"sequence":9,"time":"1970-01-01T00:00:00Z","batch_ids":["b"],)"
             R"("batch_id_count":1,"accepted":3,"rejected":0,"deduplicated":0,"errors":[],)"
             R"("principal":"7","request_id":"r"}],"total":5})");
}

BOOST_AUTO_TEST_CASE(own_entries_stand_with_their_platform_and_new_ones_at_the_end) {
  const referrals::platform_list shipped(
      "v1", {{"ChatGPT", entry_kind::host, "chatgpt.com", nullptr},
             {"Grok", entry_kind::host_path, "x.com/i/grok", nullptr}});
  const auto got =
      platforms_as_json(shipped, {own("Zebra", "z.example"), own("ChatGPT", "chat.example"),
                                  own("Ant", "a.example")});
  const auto times = R"("created_at":"1970-01-01T00:00:00Z","updated_at":"1970-01-01T00:00:00Z"})";
  const auto entry = [&](const std::string& host) {
    return R"({"kind":"host","value":")" + host + R"(","source":"brand",)" + times;
  };
  BOOST_TEST(
      got ==
      R"({"version":"v1","platforms":[{"name":"ChatGPT","entries":[{"kind":"host","value":"chatgpt.com","source":"shipped"},)" +
          entry("chat.example") +
          R"(]},{"name":"Grok","entries":[{"kind":"host_path","value":"x.com/i/grok","source":"shipped"}]},{"name":"Ant","entries":[)" +
          entry("a.example") + R"(]},{"name":"Zebra","entries":[)" + entry("z.example") + "]}]}");
}

BOOST_AUTO_TEST_CASE(every_shipped_entry_says_where_it_is_from) {
  const auto got = platforms_as_json(referrals::platform_list::shipped(), {});
  std::size_t entries = 0, origins = 0;
  for (auto at = got.find(R"("source":"shipped")"); at != got.npos;
       at = got.find(R"("source":"shipped")", at + 1))
    ++entries;
  for (auto at = got.find(R"("provenance":{)"); at != got.npos;
       at = got.find(R"("provenance":{)", at + 1))
    ++origins;
  BOOST_TEST(entries == referrals::platform_list::shipped().entries().size());
  BOOST_TEST(origins == entries);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
