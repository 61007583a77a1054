#include "domain/json/json_number.hpp"
#include "domain/referrals/revenue.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>
#include <string>

using namespace headwater::referrals;

BOOST_AUTO_TEST_SUITE(exact_numbers)

BOOST_AUTO_TEST_CASE(digits_are_kept_exactly) {
  struct {
    const char* text;
    const char* decimal;
  } const samples[] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.0", "0"},
      {"-0e5", "0"},
      {"0e400", "0"},
      {"1", "1"},
      {"19.99", "19.99"},
      {"19.990000000000002", "19.99"},
      {"0.1", "0.1"},
      {"0.000001", "0.000001"},
      {"1.500000", "1.5"},
      {"100.0", "100"},
      {"1200", "1200"},
      {"1e2", "100"},
      {"1E+2", "100"},
      {"12.5e-1", "1.25"},
      {"1999e-2", "19.99"},
      {"0.00000001e8", "1"},
      {"4.35", "4.35"},
      {"8999999999999.999999", "8999999999999.999999"},
      {"9000000000000", "9000000000000"},
      {"9e12", "9000000000000"},
      {"9000000000000.000000000", "9000000000000"},
      {"8999999999999.9999999", "9000000000000"},
      // Half to even, on all digits given.
      {"0.0000005", "0"},
      {"0.0000015", "0.000002"},
      {"0.0000025", "0.000002"},
      {"0.00000250000000000000000000000001", "0.000003"},
      {"0.0000004999999999999", "0"},
      {"0.0000009999999", "0.000001"},
      {"0.9999995", "1"},
      {"1e-400", "0"},
      {"1e-999999999999999999999", "0"},
  };
  for (const auto& s : samples)
    BOOST_TEST_CONTEXT(s.text) {
      auto reading = read_revenue(s.text);
      BOOST_TEST(!reading.fault.has_value());
      BOOST_TEST(to_decimal(reading.value) == s.decimal);
      BOOST_TEST((parse_decimal(s.decimal) == reading.value));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_revenue_says_why) {
  struct {
    const char* text;
    revenue_fault fault;
  } const samples[] = {
      {"-1", revenue_fault::negative},
      {"-0.01", revenue_fault::negative},
      {"-1e-30", revenue_fault::negative},
      {"-1e400", revenue_fault::negative},
      {"9000000000000.000001", revenue_fault::too_large},
      {"9000000000000.0000000001", revenue_fault::too_large},
      {"9.1e12", revenue_fault::too_large},
      {"1e13", revenue_fault::too_large},
      {"1e400", revenue_fault::too_large},
      {"1e999999999999999999999", revenue_fault::too_large},
      {"", revenue_fault::malformed},
      {"-", revenue_fault::malformed},
      {".5", revenue_fault::malformed},
      {"5.", revenue_fault::malformed},
      {"01", revenue_fault::malformed},
      {"1e", revenue_fault::malformed},
      {"1e+", revenue_fault::malformed},
      {"+1", revenue_fault::malformed},
      {"1 ", revenue_fault::malformed},
      {"NaN", revenue_fault::malformed},
      {"0x10", revenue_fault::malformed},
  };
  for (const auto& s : samples)
    BOOST_TEST_CONTEXT(s.text) {
      auto reading = read_revenue(s.text);
      BOOST_TEST((reading.fault == s.fault));
    }
}

BOOST_AUTO_TEST_CASE(only_the_written_form_is_read_back) {
  for (auto text : {"1.50", "1.", "01", "1e2", "-0", "-1", "", "0.0000001", "9000000000001", " 1"})
    BOOST_TEST(!parse_decimal(text).has_value());
}

BOOST_AUTO_TEST_CASE(every_count_of_millionths_survives_its_decimal_form) {
  auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    auto bits = random() % 63;
    revenue value{static_cast<std::int64_t>((random() >> (63 - bits)) %
                                            (revenue::max_millionths + std::uint64_t{1}))};
    auto reading = read_revenue(to_decimal(value));
    BOOST_REQUIRE_MESSAGE(!reading.fault && reading.value == value,
                          "seed " << seed << ": " << value.millionths);
  }
}

BOOST_AUTO_TEST_CASE(sums_beyond_64_bits_are_exact) {
  revenue_sum sum = 0;
  for (int i = 0; i < 1000; ++i)
    sum += revenue::max_millionths;
  BOOST_TEST(to_decimal(sum + 1) == "9000000000000000.000001");
  BOOST_TEST(to_decimal(sum * 1'000'000) == "9000000000000000000000");
}

BOOST_AUTO_TEST_CASE(a_count_is_an_integer_however_it_is_written) {
  struct {
    const char* text;
    std::int64_t value;
  } const samples[] = {{"0", 0},
                       {"-0", 0},
                       {"-0.0", 0},
                       {"100", 100},
                       {"100.0", 100},
                       {"1e2", 100},
                       {"1.5e1", 15},
                       {"1500e-2", 15},
                       {"9007199254740991", 9007199254740991},
                       {"0e999", 0},
                       {"9007199254740991.000", 9007199254740991}};
  for (const auto& s : samples)
    BOOST_TEST_CONTEXT(s.text) {
      auto reading = read_count(s.text);
      BOOST_TEST(!reading.fault.has_value());
      BOOST_TEST(reading.value == s.value);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_count_says_why) {
  struct {
    const char* text;
    count_fault fault;
  } const samples[] = {{"1.5", count_fault::not_an_integer},
                       {"-1.5", count_fault::not_an_integer},
                       {"15e-2", count_fault::not_an_integer},
                       {"1e-400", count_fault::not_an_integer},
                       {"-1", count_fault::negative},
                       {"-1e400", count_fault::negative},
                       {"9007199254740992", count_fault::too_large},
                       {"99999999999999999999", count_fault::too_large},
                       {"1e400", count_fault::too_large},
                       {"1e", count_fault::not_a_number},
                       {"", count_fault::not_a_number}};
  for (const auto& s : samples)
    BOOST_TEST_CONTEXT(s.text) {
      auto reading = read_count(s.text);
      BOOST_TEST((reading.fault == s.fault));
    }
}

BOOST_AUTO_TEST_CASE(a_doubles_range_ends_where_it_does) {
  for (auto text : {"1e400", "-1e400", "1e309", "1.8e308", "17976931348623159e292"})
    BOOST_TEST(exceeds_double(text), text);
  for (auto text : {"1e308", "1.7976931348623157e308", "0e400", "1e-400", "5", "0.0001e310"})
    BOOST_TEST(!exceeds_double(text), text);
  BOOST_TEST(exceeds_double(std::string(310, '9')));
  BOOST_TEST(!exceeds_double(std::string(308, '9')));
}

BOOST_AUTO_TEST_SUITE_END()
