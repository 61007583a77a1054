#include "http/addresses/counted_address.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {
namespace {

boost::asio::ip::address address_in(const char* text) {
  return boost::asio::ip::make_address(text);
}

counted_address counted_text(const char* text) {
  return counted(address_in(text));
}

} // namespace

BOOST_AUTO_TEST_SUITE(counted_addresses)

BOOST_AUTO_TEST_CASE(ipv4_counts_whole_and_ipv6_by_its_64_bits) {
  BOOST_TEST((counted_text("10.0.0.1") == counted_text("10.0.0.1")));
  BOOST_TEST((counted_text("10.0.0.1") != counted_text("10.0.0.2")));
  BOOST_TEST((counted_text("10.0.0.1") == counted_text("::ffff:10.0.0.1")));
  BOOST_TEST((counted_text("2001:db8:1:2::1") == counted_text("2001:db8:1:2:ffff::9")));
  BOOST_TEST((counted_text("2001:db8:1:2::1") != counted_text("2001:db8:1:3::1")));
  BOOST_TEST((counted_text("::1") != counted_text("0.0.0.0")));
  BOOST_TEST((counted_text("::1") != counted_address{}));
}

BOOST_AUTO_TEST_CASE(an_ipv4_address_in_ipv6_is_taken_out) {
  BOOST_TEST((unmapped(address_in("::ffff:10.0.0.1")) == address_in("10.0.0.1")));
  BOOST_TEST((unmapped(address_in("10.0.0.1")) == address_in("10.0.0.1")));
  BOOST_TEST((unmapped(address_in("::1")) == address_in("::1")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
