// What is counted and what is said about it. The order among the other checks is in tests/e2e,
// test_gates.py and test_rate_limits.py.

#include "http/gate/rate_limits.hpp"
#include "tests/http/server/lone_exchange.hpp"

namespace headwater::http {
namespace {

using testing::lone_exchange;

accounts::api_token limited_token(std::optional<std::int64_t> limit) {
  accounts::api_token out;
  out.id = 7;
  out.rate_limit = limit;
  return out;
}

std::int64_t requests_of(std::optional<std::int64_t> own, access needed, std::int64_t by_default) {
  const auto rate = rate_of(limited_token(own), needed, by_default);
  return rate ? rate->requests : 0;
}

/// The value of a field of the answer; -1: there is none.
std::int64_t field_of(const lone_exchange& one, std::string_view name) {
  const auto at = one.x.out.fields.find(std::string(name) + ": ");
  return at == std::string::npos ? -1 : std::stoll(one.x.out.fields.substr(at + name.size() + 2));
}

} // namespace

BOOST_AUTO_TEST_SUITE(rate_limits)

BOOST_AUTO_TEST_CASE(the_default_limit_is_for_all_but_resolving) {
  for (const auto needed : {access::authenticated, access::read, access::write, access::admin})
    BOOST_TEST(requests_of({}, needed, 60'000) == 60'000);
  BOOST_TEST(requests_of({}, access::resolve, 60'000) == 0);
  BOOST_TEST(requests_of({}, access::read, 0) == 0);
}

BOOST_AUTO_TEST_CASE(a_tokens_own_limit_is_for_everything_that_it_asks) {
  for (const auto needed : {access::authenticated, access::resolve, access::read, access::admin}) {
    BOOST_TEST(requests_of(5, needed, 60'000) == 5);
    BOOST_TEST(requests_of(5, needed, 0) == 5);
    BOOST_TEST(requests_of(0, needed, 60'000) == 0);
  }
}

BOOST_AUTO_TEST_CASE(each_counted_request_says_what_is_left) {
  actors::token_entry who(limited_token(2));
  constexpr micros now = 1'000'000'000'000'001;
  for (std::int64_t left : {1, 0}) {
    lone_exchange one;
    BOOST_TEST(count_request(one.x, who, access::read, now).has_value());
    BOOST_TEST(field_of(one, "X-RateLimit-Limit") == 2);
    BOOST_TEST(field_of(one, "X-RateLimit-Remaining") == left);
    const auto reset = 1'000'000'001 + 30 * (2 - left); // rounded up
    BOOST_TEST(std::abs(field_of(one, "X-RateLimit-Reset") - reset) <= 1);
    BOOST_TEST(one.x.common_fields == one.x.out.fields.size());
  }
  lone_exchange one;
  const auto refused = count_request(one.x, who, access::read, now);
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST((refused.error().code == errc::rate_limit_exceeded));
  BOOST_TEST(refused.error().retry_after <= 30);
  BOOST_TEST(refused.error().retry_after >= 28);
  BOOST_TEST(field_of(one, "X-RateLimit-Remaining") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_not_counted_says_nothing) {
  actors::token_entry who(limited_token({}));
  lone_exchange one;
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(count_request(one.x, who, access::resolve, 1).has_value());
  BOOST_TEST(one.x.out.fields.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
