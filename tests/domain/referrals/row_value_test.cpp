#include "domain/core/digest.hpp"
#include "domain/referrals/row_value.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

BOOST_AUTO_TEST_SUITE(row_values)

BOOST_AUTO_TEST_CASE(the_layout_is_for_ever) {
  stored_row row{"P", "a", 0x0102030405060708, {}, std::nullopt};
  BOOST_TEST(to_hex(encode_row_value(row)) == "0100015001610102030405060708");
  row.metrics = {0, 300, std::nullopt, revenue{1'500'000}};
  row.batch_id = "x";
  BOOST_TEST(to_hex(encode_row_value(row)) == "011b015001610102030405060708"
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
    auto referrer = text(), platform = text(), batch = text();
    stored_row row{platform, referrer, random(), {count(), count(), count(), std::nullopt}, {}};
    if (auto money = count())
      row.metrics.purchase_revenue = revenue{*money};
    if (random() % 2 == 0)
      row.batch_id = batch;
    auto bytes = encode_row_value(row);
    auto read = decode_row_value(bytes);
    BOOST_REQUIRE_MESSAGE(read.has_value() && *read == row, "seed " << seed << " round " << i);
  }
}

BOOST_AUTO_TEST_CASE(no_damaged_value_is_read) {
  const stored_row row{"ChatGPT", "chatgpt.com", 7, {1, 2, 3, revenue{4}}, "b"};
  auto bytes = encode_row_value(row);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    auto read = decode_row_value(std::string_view{bytes}.substr(0, length));
    BOOST_REQUIRE(read.has_error());
    BOOST_TEST((read.error().code == errc::corrupt_log));
  }
  BOOST_TEST(decode_row_value(bytes + "x").has_error());
  auto newer = bytes;
  newer[0] = 2;
  BOOST_TEST(decode_row_value(newer).error().message == "Referral row value: unknown version");
  auto bits = bytes;
  bits[1] = '\x7f';
  BOOST_TEST(decode_row_value(bits).has_error());
  std::string endless{"\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 12};
  endless += std::string(9, '\xff') + "\x01";
  BOOST_TEST(decode_row_value(endless).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
