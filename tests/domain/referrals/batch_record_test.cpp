#include "domain/referrals/batch_record.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace headwater;
using namespace headwater::referrals;

namespace {

const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

batch_received received(std::size_t batch_ids) {
  batch_received event;
  event.connection.id = id;
  event.accepted = 7;
  event.rejected = 2;
  event.deduplicated = 3;
  event.errors = {"Row 1: why", "Row 2: \"why\" not"};
  for (std::size_t i = 0; i < batch_ids; ++i)
    event.batch_ids.push_back("batch " + std::to_string(i));
  return event;
}

} // namespace

BOOST_AUTO_TEST_SUITE(records_of_batches)

BOOST_AUTO_TEST_CASE(a_record_is_read_as_it_was_written) {
  auto record = record_of(received(2), "3", "request");
  record.time = 1'736'071'200'000'001;
  const auto text = encode_batch_record(record);
  BOOST_TEST(text == R"({"accepted":7,"batch_id_count":2,"batch_ids":["batch 0","batch 1"],)"
                     R"("deduplicated":3,"errors":["Row 1: why","Row 2: \"why\" not"],)"
                     R"("principal":"3","rejected":2,"request_id":"request",)"
                     R"("time":"2025-01-05T10:00:00.000001Z"})");
  BOOST_TEST((decode_batch_record(text).value() == record));
}

BOOST_AUTO_TEST_CASE(a_record_stays_small_whatever_the_batch_ids) {
  const auto record = record_of(received(10'000), "3", "r");
  BOOST_TEST(record.batch_ids.size() == batch_record::max_batch_ids);
  BOOST_TEST(record.batch_id_count == 10'000U);
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_corruption) {
  const auto good = encode_batch_record(record_of(received(1), "3", "r"));
  for (std::string_view part : {"accepted", "1970", "principal", ":7"}) {
    auto bad = good;
    bad.replace(bad.find(part), part.size(), "?");
    const auto read = decode_batch_record(bad);
    BOOST_REQUIRE_MESSAGE(read.has_error(), bad);
    BOOST_TEST((read.error().code == errc::corrupt_log));
  }
  BOOST_TEST(sequence_of_life_key("e/x").has_error());
  BOOST_TEST(sequence_of_life_key(batch_key(id, 7)).has_error());
}

BOOST_AUTO_TEST_CASE(keys_sort_by_sequence) {
  BOOST_TEST(batch_key(id, 255) < batch_key(id, 256));
  BOOST_TEST(life_key(id, 300).starts_with(life_prefix(id)));
  BOOST_TEST(sequence_of_life_key(life_key(id, 300)).value() == 300U);
}

BOOST_AUTO_TEST_CASE(a_page_is_what_counting_every_event_gives) {
  const auto seed = std::random_device{}();
  BOOST_TEST_INFO("seed " << seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 2'000; ++round) {
    const std::uint64_t version = random() % 12;
    std::vector<std::uint64_t> life, batches;
    for (std::uint64_t sequence = 1; sequence <= version; ++sequence)
      (random() % 3 == 0 ? life : batches).push_back(sequence);
    std::ranges::reverse(batches);
    const std::size_t offset = random() % 14, limit = random() % 5 + 1;
    std::vector<std::uint64_t> expected;
    for (auto at = offset; at < batches.size() && expected.size() < limit; ++at)
      expected.push_back(batches[at]);
    BOOST_REQUIRE_MESSAGE(batch_page(version, life, offset, limit) == expected,
                          "seed " << seed << ", round " << round);
  }
}

BOOST_AUTO_TEST_SUITE_END()
