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

/// A GET that anybody may send.
status_sources open_read() {
  status_sources out;
  out.verb = method::get;
  out.needed = access::anyone;
  out.successes = {200};
  return out;
}

awaitable<result<answer>> delete_nothing(exchange&, const entered_account&) {
  co_return no_content();
}

constexpr route<account_gate> change{.verb = method::delete_,
                                     .path = "/rules/{id}",
                                     .gate = account(access::write),
                                     .name = "deleteRule",
                                     .summary = "Delete",
                                     .parameters = {"limit"},
                                     .successes = {204},
                                     .refusals = {404},
                                     .tagged = true,
                                     .run = delete_nothing};

bool has(const statuses& in, unsigned short status) {
  return std::ranges::count(in, status) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(declared_routes)

BOOST_AUTO_TEST_CASE(parameters_of_the_gate_come_before_those_of_the_handler) {
  BOOST_TEST((row(events).parameters == names{"account_id?", "connection_id", "stream", "after"}));
  BOOST_TEST((row(proofs).parameters == names{"of_account", "of_connection", "of_stream"}));
}

BOOST_AUTO_TEST_CASE(statuses_of_a_stream_follow_from_its_gate) {
  for (const auto& one : {row(events), row(proofs)}) {
    BOOST_TEST((one.statuses == statuses{200, 400, 401, 403, 404, 422, 429}));
    BOOST_TEST((one.needs == access::read));
  }
}

BOOST_AUTO_TEST_CASE(streams_of_the_log_are_entered_by_their_gate) {
  BOOST_TEST(
      (named("readEvents").statuses == statuses{200, 400, 401, 403, 404, 410, 422, 429, 503}));
  BOOST_TEST((named("proveInclusion").statuses == statuses{200, 400, 401, 403, 404, 422, 429}));
  BOOST_TEST(
      (named("proveInclusion").parameters ==
       names{"of_account", "of_connection", "of_stream", "position", "sequence", "checkpoint"}));
}

BOOST_AUTO_TEST_CASE(a_read_for_anybody_may_only_have_bad_preconditions) {
  BOOST_TEST(statuses_of(open_read()) == (statuses{200, 400}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_gate_adds_what_it_refuses_with) {
  auto of = open_read();
  of.needed = access::authenticated;
  BOOST_TEST(statuses_of(of) == (statuses{200, 400, 401, 403, 429}),
             boost::test_tools::per_element());
  of.needed = access::read;
  BOOST_TEST(statuses_of(of) == (statuses{200, 400, 401, 403, 429}),
             boost::test_tools::per_element());
  of.names_brand = true;
  BOOST_TEST(statuses_of(of) == (statuses{200, 400, 401, 403, 404, 410, 422, 429}),
             boost::test_tools::per_element());
  of.names_brand = false;
  of.names_account = true;
  BOOST_TEST(statuses_of(of) == (statuses{200, 400, 401, 403, 404, 410, 429}),
             boost::test_tools::per_element());
  of.loads_account = true;
  of.has_input = true; // the account's id
  BOOST_TEST(statuses_of(of) == (statuses{200, 400, 401, 403, 404, 410, 422, 429, 503}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_change_may_meet_preconditions_and_a_busy_service) {
  auto of = open_read();
  of.verb = method::post;
  of.successes = {201};
  BOOST_TEST(statuses_of(of) == (statuses{201, 400, 412, 503}), boost::test_tools::per_element());
  of.has_body = true;
  BOOST_TEST(statuses_of(of) == (statuses{201, 400, 412, 413, 415, 422, 503}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_has_a_tag_may_be_as_it_was) {
  auto of = open_read();
  of.tagged = true;
  BOOST_TEST(statuses_of(of) == (statuses{200, 304, 400, 412}), boost::test_tools::per_element());
  of.verb = method::patch;
  BOOST_TEST(!has(statuses_of(of), 304));
}

BOOST_AUTO_TEST_CASE(own_refusals_and_input_are_told_once) {
  auto of = open_read();
  of.has_input = true;
  of.refusals = {422, 409};
  BOOST_TEST(statuses_of(of) == (statuses{200, 400, 409, 422}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_row_of_the_table_is_what_the_route_says) {
  const auto got = row(change);
  BOOST_TEST((got.verb == method::delete_));
  BOOST_TEST((got.needs == access::write));
  BOOST_TEST(got.path == "/rules/{id}");
  BOOST_TEST(got.declared == &change);
  BOOST_TEST(got.parameters == (std::vector<std::string_view>{"account_id", "limit", "If-Match",
                                                              "If-None-Match"}),
             boost::test_tools::per_element());
  for (const unsigned short status : {204, 401, 403, 404, 410, 412, 422, 503})
    BOOST_TEST(has(got.statuses, status), status);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
