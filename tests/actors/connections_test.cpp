// Registrations that come at the same time: each website has one connection, and the quota is
// exact.

#include "enrolling.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

/// A service with the account "acme", whose brand may have so many connections.
struct limited : fixture {
  explicit limited(std::size_t most) : fixture(with_connections(most)) {
    change(*this, create_account{body_of({{"account_id", std::string{"acme"}},
                                          {"name", std::string{"acme"}},
                                          {"brand_ids", json_list{{brand}}}}),
                                 false})
        .value();
  }
  static service_settings with_connections(std::size_t most) {
    auto out = small();
    out.limits.brand_connections = most;
    return out;
  }
};

/// Registers all websites without waiting for answers, which come in the same order.
std::vector<connection_reply> enrol_at_once(fixture& f, const std::vector<std::string>& websites) {
  std::vector<connection_reply> out(websites.size(), error{errc::internal_error, "no answer"});
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < websites.size(); ++i)
    clients.emplace_back([&, i] { out[i] = enrol(f, websites[i]); });
  for (auto& client : clients)
    client.join();
  return out;
}

std::size_t count(const std::vector<connection_reply>& replies, std::optional<errc> code) {
  return static_cast<std::size_t>(std::ranges::count_if(replies, [&](const auto& reply) {
    return code ? !reply && reply.error().code == *code : reply.has_value();
  }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(registrations_at_once)

BOOST_AUTO_TEST_CASE(the_quota_of_a_brand_is_reached_and_not_exceeded) {
  for (int round = 0; round < 20; ++round) {
    limited f{40};
    std::vector<std::string> websites;
    for (int i = 0; i < 48; ++i)
      websites.push_back("https://w" + std::to_string(i) + ".example");
    const auto replies = enrol_at_once(f, websites);
    BOOST_TEST(count(replies, std::nullopt) == 40U);
    BOOST_TEST(count(replies, errc::quota_exceeded) == 8U);
  }
}

BOOST_AUTO_TEST_CASE(a_website_that_many_register_has_one_connection) {
  for (int round = 0; round < 20; ++round) {
    limited f{1'000};
    const auto replies = enrol_at_once(f, std::vector<std::string>(16, "https://w.example"));
    BOOST_TEST(count(replies, std::nullopt) == 1U);
    BOOST_TEST(count(replies, errc::duplicate_entry) == 15U);
  }
}

BOOST_AUTO_TEST_CASE(a_brand_is_not_taken_away_from_connections_that_come_at_the_same_time) {
  for (int round = 0; round < 20; ++round) {
    limited f{1'000};
    directory_reply released = error{errc::internal_error, "no answer"};
    std::thread owner{[&] {
      released = change(f, change_account{"acme", body_of({{"brand_ids", json_list{}}}), false});
    }};
    const auto replies = enrol_at_once(f, {"https://a.example", "https://b.example"});
    owner.join();
    // Either all registrations found the brand gone, or it stayed for the first of them.
    BOOST_TEST(released.has_value() == (count(replies, std::nullopt) == 0));
  }
}

BOOST_AUTO_TEST_SUITE_END()
