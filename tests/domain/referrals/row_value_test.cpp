#include "domain/core/digest.hpp"
#include "domain/referrals/row_value.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

referral_row row_of(day_number day, std::string_view referrer, std::string_view page) {
  referral_row row;
  row.date = day;
  row.raw_referrer_value = referrer;
  row.raw_page_value = page;
  return row;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_values)

BOOST_AUTO_TEST_CASE(the_layout_is_for_ever) {
  platform_row row{row_of(1, "a", "b"), "P"};
  BOOST_TEST(to_hex(encode_row_value(row)) == "0100015001610162");
  row.row.metrics = {0, 300, std::nullopt, revenue{1'500'000}};
  row.row.batch_id = "x";
  BOOST_TEST(to_hex(encode_row_value(row)) == "011b015001610162"
                                              "00"
                                              "ac02"
                                              "e0c65b"
                                              "0178");
}

BOOST_AUTO_TEST_CASE(values_survive_their_bytes) {
  auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random{seed};
  auto text = [&random] { return std::string(random() % 300, static_cast<char>(random())); };
  auto count = [&random]() -> std::optional<std::int64_t> {
    if (random() % 3 == 0)
      return std::nullopt;
    return static_cast<std::int64_t>((random() >> 11) >> random() % 53);
  };
  for (int i = 0; i < 2'000; ++i) {
    auto referrer = text(), page = text(), platform = text(), batch = text();
    platform_row row{row_of(static_cast<day_number>(random() % 40'000), referrer, page), platform};
    row.row.metrics = {count(), count(), count(), std::nullopt};
    if (auto money = count())
      row.row.metrics.purchase_revenue = revenue{*money};
    if (random() % 2 == 0)
      row.row.batch_id = batch;
    auto bytes = encode_row_value(row);
    auto read = decode_row_value(row.row.date, bytes);
    BOOST_REQUIRE_MESSAGE(read.has_value() && *read == row, "seed " << seed << " round " << i);
  }
}

BOOST_AUTO_TEST_CASE(no_damaged_value_is_read) {
  platform_row row{row_of(1, "chatgpt.com", "/a"), "ChatGPT"};
  row.row.metrics = {1, 2, 3, revenue{4}};
  row.row.batch_id = "b";
  auto bytes = encode_row_value(row);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    auto read = decode_row_value(1, std::string_view{bytes}.substr(0, length));
    BOOST_REQUIRE(read.has_error());
    BOOST_TEST((read.error().code == errc::corrupt_log));
  }
  BOOST_TEST(decode_row_value(1, bytes + "x").has_error());
  auto newer = bytes;
  newer[0] = 2;
  BOOST_TEST(decode_row_value(1, newer).error().message == "Referral row value: unknown version");
  auto bits = bytes;
  bits[1] = '\x7f';
  BOOST_TEST(decode_row_value(1, bits).has_error());
  std::string endless{"\x01\x01\x00\x00\x00", 5};
  endless += std::string(9, '\xff') + "\x01";
  BOOST_TEST(decode_row_value(1, endless).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
