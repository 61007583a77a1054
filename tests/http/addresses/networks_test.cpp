#include "http/addresses/networks.hpp"
#include "tests/domain/core/random_source.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace headwater::http {
namespace {

network_set networks_of(std::vector<std::string> texts) {
  std::vector<network> out;
  for (const auto& text : texts)
    out.push_back(*parse_network(text));
  return network_set(std::move(out));
}

bool holds(const network_set& in, const char* address) {
  return in.contains(boost::asio::ip::make_address(address));
}

} // namespace

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(an_address_is_a_network_of_one) {
  const auto in = networks_of({"192.0.2.1", "2001:db8::1"});
  BOOST_TEST(holds(in, "192.0.2.1"));
  BOOST_TEST(holds(in, "::ffff:192.0.2.1"));
  BOOST_TEST(holds(in, "2001:db8::1"));
  for (const auto* other :
       {"192.0.2.2", "192.0.2.0", "2001:db8::2", "::192.0.2.1", "0.0.0.0", "::"})
    BOOST_TEST(!holds(in, other), other);
}

BOOST_AUTO_TEST_CASE(a_network_holds_what_begins_with_its_bits) {
  const auto in = networks_of({"10.0.0.0/8", "172.16.0.0/12", "2001:db8::/33"});
  for (const auto* inside : {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255",
                             "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"})
    BOOST_TEST(holds(in, inside), inside);
  for (const auto* outside : {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
                              "2001:db8:8000::", "2001:db7:ffff::", "a00::1"})
    BOOST_TEST(!holds(in, outside), outside);
}

BOOST_AUTO_TEST_CASE(all_of_one_family_is_nothing_of_the_other) {
  BOOST_TEST(holds(networks_of({"0.0.0.0/0"}), "203.0.113.9"));
  BOOST_TEST(!holds(networks_of({"0.0.0.0/0"}), "2001:db8::1"));
  BOOST_TEST(holds(networks_of({"::/0"}), "2001:db8::1"));
  BOOST_TEST(!holds(networks_of({"::/0"}), "203.0.113.9"));
  BOOST_TEST(!holds(networks_of({"::/0"}), "::ffff:203.0.113.9"));
  BOOST_TEST(!holds(network_set{}, "203.0.113.9"));
}

BOOST_AUTO_TEST_CASE(a_mapped_network_is_the_ipv4_network) {
  BOOST_TEST((*parse_network("::ffff:10.0.0.0/104") == *parse_network("10.0.0.0/8")));
  BOOST_TEST((*parse_network("::ffff:10.0.0.1") == *parse_network("10.0.0.1")));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const auto* wrong : {"",
                            "/",
                            "/8",
                            "10.0.0.0/",
                            "10.0.0.0/33",
                            "10.0.0.0/-1",
                            "10.0.0.0/+8",
                            "10.0.0.0/8 ",
                            " 10.0.0.0/8",
                            "10.0.0.0/8/8",
                            "10.0.0/8",
                            "10",
                            "256.0.0.1",
                            "2001:db8::/129",
                            "2001:db8::g",
                            "[2001:db8::1]",
                            "192.0.2.1:80",
                            "fe80::1%eth0",
                            "fe80::1%1",
                            "proxy.example",
                            "*",
                            "10.0.0.1/8",
                            "2001:db8::1/64",
                            "10.0.0.0/99999999999999999999"})
    BOOST_TEST(!parse_network(wrong), wrong);
  BOOST_TEST(!parse_network(std::string(10'000, '1')));
  BOOST_TEST(parse_network("10.0.0.1/8").error().message.find("beyond its prefix") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_prefix_splits_at_its_bit) {
  using attribution::test::random_source;
  random_source random(attribution::test::setting("HEADWATER_SEED", 7));
  for (unsigned prefix = 1; prefix <= 32; ++prefix) {
    const auto bits = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32U));
    const auto first = prefix == 32 ? bits : bits >> (32 - prefix) << (32 - prefix);
    const boost::asio::ip::address_v4 start(first);
    const auto in = networks_of({start.to_string() + "/" + std::to_string(prefix)});
    const auto last = first | static_cast<std::uint32_t>((std::uint64_t{1} << (32 - prefix)) - 1);
    BOOST_TEST(in.contains(start));
    BOOST_TEST(in.contains(boost::asio::ip::address_v4(last)));
    if (first > 0)
      BOOST_TEST(!in.contains(boost::asio::ip::address_v4(first - 1)));
    if (last < 0xffffffffU)
      BOOST_TEST(!in.contains(boost::asio::ip::address_v4(last + 1)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
