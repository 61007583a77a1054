#include "http/application.hpp"
#include "http/gate/route.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace headwater::http {
namespace {

awaitable<result<answer>> nothing(exchange&, const entered_stream&) {
  co_return no_content();
}

constexpr route events{.verb = method::get,
                       .path = "/some",
                       .gate = stream(access::read, stream_use::events),
                       .name = "readSome",
                       .summary = "Read some",
                       .parameters = {"after"},
                       .run = nothing};
constexpr route proofs{.verb = method::get,
                       .path = "/some",
                       .gate = stream(access::read, stream_use::proofs),
                       .name = "proveSome",
                       .summary = "Prove some",
                       .run = nothing};

using names = std::vector<std::string_view>;
using statuses = std::vector<unsigned short>;

endpoint named(std::string_view name) {
  const auto all = all_routes();
  const auto found = std::ranges::find(all, name, &endpoint::name);
  BOOST_REQUIRE(found != all.end());
  return *found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(declared_routes)

BOOST_AUTO_TEST_CASE(parameters_of_the_gate_come_before_those_of_the_handler) {
  BOOST_TEST((row(events).parameters == names{"account_id?", "connection_id", "stream", "after"}));
  BOOST_TEST((row(proofs).parameters == names{"of_account", "of_connection", "of_stream"}));
}

BOOST_AUTO_TEST_CASE(statuses_of_a_stream_follow_from_its_gate) {
  for (const auto& one : {row(events), row(proofs)}) {
    BOOST_TEST((one.statuses == statuses{200, 400, 401, 403, 404, 422}));
    BOOST_TEST((one.needs == access::read));
  }
}

BOOST_AUTO_TEST_CASE(streams_of_the_log_are_entered_by_their_gate) {
  BOOST_TEST((named("readEvents").statuses == statuses{200, 400, 401, 403, 404, 410, 422, 503}));
  BOOST_TEST((named("proveInclusion").statuses == statuses{200, 400, 401, 403, 404, 422}));
  BOOST_TEST(
      (named("proveInclusion").parameters ==
       names{"of_account", "of_connection", "of_stream", "position", "sequence", "checkpoint"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
