#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/projection.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

const connection_identity identity{"01ARZ3NDEKTSV4RRFFQ69G5FAV", 7, "https://Example.com/",
                                   provider::matomo, 1'000'000};

using table = std::map<std::string, std::string>;

void apply(table& into, const connection_event& event, const event_place& at) {
  for (const auto& [key, value] : project(event, at)) {
    if (value)
      into[key] = *value;
    else
      into.erase(key);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(projections)

BOOST_AUTO_TEST_CASE(a_registration_is_found_by_every_index) {
  table rows;
  apply(rows, connection_registered{identity}, {1, 1'000'000});
  BOOST_TEST(rows.size() == 5U);
  BOOST_TEST(rows.contains(life_key(identity.id, 1)));
  auto record = decode_connection(rows.at(connection_key(identity.id)));
  BOOST_REQUIRE(record.has_value());
  BOOST_TEST((*record == connection{identity, connection_status::active, 1}));
  BOOST_TEST(rows.at(active_website_key(7, "www.example.com")) == identity.id);
  BOOST_TEST(rows.at(registration_key(7, "example.com", provider::matomo)) == identity.id);
  BOOST_TEST(rows.contains(brand_list_key(7, identity.id)));
  BOOST_TEST(connection_of_list_key(brand_list_key(7, identity.id)).value() == identity.id);
}

BOOST_AUTO_TEST_CASE(disabling_frees_the_website_and_keeps_the_registration) {
  table rows;
  apply(rows, connection_registered{identity}, {1, 1'000'000});
  apply(rows, connection_disabled{identity}, {2, 2'000'000});
  BOOST_TEST(!rows.contains(active_website_key(7, "example.com")));
  BOOST_TEST(rows.contains(registration_key(7, "example.com", provider::matomo)));
  BOOST_TEST(rows.contains(brand_list_key(7, identity.id)));
  BOOST_TEST((decode_connection(rows.at(connection_key(identity.id))).value() ==
              connection{identity, connection_status::disabled, 2}));
  apply(rows, connection_reactivated{identity}, {3, 3'000'000});
  BOOST_TEST(rows.at(active_website_key(7, "example.com")) == identity.id);
  BOOST_TEST((decode_connection(rows.at(connection_key(identity.id))).value() ==
              connection{identity, connection_status::active, 3}));
  for (std::uint64_t sequence : {1U, 2U, 3U})
    BOOST_TEST(rows.contains(life_key(identity.id, sequence)));
}

BOOST_AUTO_TEST_CASE(a_quiet_day_still_moves_the_version) {
  table rows;
  batch_received quiet;
  quiet.connection = identity;
  apply(rows, quiet, {9, 5});
  BOOST_TEST(rows.size() == 1U);
  BOOST_TEST(decode_connection(rows.at(connection_key(identity.id)))->version == 9U);
}

BOOST_AUTO_TEST_CASE(brands_and_providers_have_indexes_of_their_own) {
  BOOST_TEST(active_website_key(7, "a.com") != active_website_key(8, "a.com"));
  BOOST_TEST(registration_key(7, "a.com", provider::matomo) !=
             registration_key(7, "a.com", provider::custom));
  BOOST_TEST(brand_list_key(7, "X").starts_with(brand_list_prefix(7)));
  BOOST_TEST(brand_list_prefix(7).size() == 10U);
  BOOST_TEST(active_website_key(7, "a.com").size() == 42U);
}

BOOST_AUTO_TEST_CASE(records_that_cannot_be_read_are_corruption) {
  auto good = encode_connection({identity, connection_status::active, 1});
  BOOST_TEST(decode_connection(good).has_value());
  for (std::string_view part : {"matomo", "active", "1970", "brand_id", "\"version\":1"}) {
    auto bad = good;
    bad.replace(bad.find(part), part.size(), "?");
    BOOST_TEST_CONTEXT(bad) {
      auto read = decode_connection(bad);
      BOOST_REQUIRE(read.has_error());
      BOOST_TEST((read.error().code == errc::corrupt_log));
    }
  }
  BOOST_TEST(decode_connection("").has_error());
  BOOST_TEST(connection_of_list_key("l/").has_error());
  BOOST_TEST(connection_of_list_key("l/12345678nonsense").has_error());
}

BOOST_AUTO_TEST_SUITE_END()
