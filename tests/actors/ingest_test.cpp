#include "actors/views/projections.hpp"
#include "actors/views/rebuilt_tables.hpp"
#include "actors/views/stored_rows.hpp"
#include "enrolling.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

/// A service with one account, "acme", that has the brand.
struct branded : fixture {
  explicit branded(std::shared_ptr<store::log_engine> over = std::make_shared<store::memory_log>(),
                   const service_settings& settings = small())
      : fixture(std::move(over), settings) {
    draft body = body_of({{"account_id", std::string{"acme"}},
                          {"name", std::string{"acme"}},
                          {"brand_ids", json_list{{brand}}}});
    change(*this, create_account{body, false}).value();
  }
};

push_reply push(fixture& f, connection_ptr to, const std::string& body,
                std::optional<store::idempotency> key = {}) {
  push_request request;
  request.by = {{"1", "request"}, std::move(key)};
  auto id = to->identity.id;
  request.connection = std::move(to);
  request.body = std::make_shared<const std::string>(body);
  return f.ask<push_reply>(f.running->ingest().owner_of(id), std::move(request));
}

std::string row(const std::string& referrer, const std::string& page, int pageviews) {
  return R"({"date":"2026-05-20","raw_referrer_value":")" + referrer + R"(","raw_page_value":")" +
         page + R"(","pageviews":)" + std::to_string(pageviews) + "}";
}

std::string pageviews(fixture& f) {
  report_request wanted;
  wanted.brand_id = brand;
  wanted.waits_until = std::chrono::steady_clock::now() + std::chrono::hours{1};
  wanted.query.first_day = *parse_date("2026-05-01");
  wanted.query.last_day = *parse_date("2026-05-31");
  auto report = f.ask<report_reply>(f.running->readers().next(), wanted).value();
  return referrals::to_json(report, wanted.query).value();
}

/// Sends all pushes to one connection without waiting, and returns the answers in order.
std::vector<push_reply> push_at_once(fixture& f, const connection_ptr& to,
                                     const std::vector<std::string>& bodies,
                                     const std::optional<store::idempotency>& key = {}) {
  std::vector<push_reply> out(bodies.size(), push_reply{error{errc::internal_error, "no answer"}});
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < bodies.size(); ++i)
    clients.emplace_back([&, i] { out[i] = push(f, to, bodies[i], key); });
  for (auto& client : clients)
    client.join();
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pushes_and_connections)

BOOST_AUTO_TEST_CASE(a_second_active_connection_of_a_website_is_a_conflict) {
  branded f;
  BOOST_TEST(enrol(f, "https://www.acme.test/").has_value());
  auto second = enrol(f, "acme.test");
  BOOST_REQUIRE(second.has_error());
  BOOST_TEST(to_string(second.error().code) == "duplicate_entry");
}

BOOST_AUTO_TEST_CASE(of_concurrent_registrations_of_a_website_exactly_one_succeeds) {
  branded f;
  std::atomic<int> made = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] { made += enrol(f, "acme.test").has_value() ? 1 : 0; });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_CASE(account_with_many_large_pushes_holds_up_others_for_a_few_of_them) {
  auto settings = small();
  settings.ingest_workers = 1;
  branded f{std::make_shared<store::memory_log>(), settings};
  const auto many = enrolled(f, "many.test");
  const auto one = enrolled(f, "one.test");
  const auto worker = f.running->ingest().owner_of(many->identity.id);
  const auto request_of = [](const std::string& account_id, const connection_ptr& to, int rows) {
    push_request out;
    out.by = {{"1", "request"}, {}};
    out.account_id = account_id;
    out.connection = to;
    std::string body = "[";
    for (int i = 0; i < rows; ++i)
      body += (i > 0 ? "," : "") + row("chatgpt.com", "/" + std::to_string(i), i);
    out.body = std::make_shared<const std::string>(body + "]");
    return out;
  };
  constexpr std::size_t pushes = 40;
  // Made before they are sent, which takes as long as reading them.
  const auto large = request_of("acme", many, 2'000);
  const auto last = request_of("beta", one, 1);
  caf::scoped_actor self{f.running->system()};
  for (std::size_t i = 0; i < pushes; ++i)
    self->send(worker, large);
  BOOST_TEST(f.ask<push_reply>(worker, last).has_value());
  const auto read = f.running->parts().counters->ingest_wait.Collect().histogram.sample_count;
  BOOST_TEST(read < pushes, read << " of " << pushes << " were read before it was answered");
}

BOOST_AUTO_TEST_CASE(registering_a_disabled_connection_again_reactivates_it_under_its_id) {
  branded f;
  auto connection = enrolled(f, "acme.test");
  BOOST_TEST(push(f, connection, "[" + row("chatgpt.com", "/", 3) + "]").has_value());
  auto off = disable(f, connection);
  BOOST_TEST(referrals::to_string(off.value().connection.status) == "disabled");
  BOOST_TEST(referrals::to_string(disable(f, connection).value().connection.status) == "disabled");
  auto refused = push(f, connection, "[]");
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "gone");
  BOOST_TEST(pageviews(f).find("\"total\":0") != std::string::npos);
  auto again = enrol(f, "acme.test");
  BOOST_TEST(again.value().connection.identity.id == connection->identity.id);
  BOOST_TEST(pageviews(f).find("\"pageviews\":3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_registration_under_a_used_key_gives_the_first_answer) {
  branded f;
  store::idempotency key{"k", sha256({"body"})};
  auto first = enrol(f, "acme.test", key);
  auto again = enrol(f, "acme.test", key);
  BOOST_TEST(again.value().replayed);
  BOOST_TEST(again.value().connection.identity.id == first.value().connection.identity.id);
  auto other = enrol(f, "other.test", store::idempotency{"k", sha256({"other"})});
  BOOST_REQUIRE(other.has_error());
  BOOST_TEST(to_string(other.error().code) == "idempotency_key_reused");
}

BOOST_AUTO_TEST_CASE(a_push_counts_accepted_rejected_and_deduplicated_rows) {
  branded f;
  auto connection = enrolled(f, "acme.test");
  auto body = "[" + row("chatgpt.com", "/a", 1) + "," + row("google.com", "/a", 1) + "]";
  auto first = push(f, connection, body);
  BOOST_TEST(first.value().accepted == 1);
  BOOST_TEST(first.value().rejected == 1);
  BOOST_TEST(first.value().deduplicated == 0);
  BOOST_REQUIRE(first.value().errors.size() == 1u);
  auto resent = push(f, connection, body);
  BOOST_TEST(resent.value().accepted == 1);
  BOOST_TEST(resent.value().deduplicated == 1);
  auto replaced = push(f, connection, "[" + row("chatgpt.com", "/a", 5) + "]");
  BOOST_TEST(replaced.value().deduplicated == 0);
  BOOST_TEST(pageviews(f).find("\"pageviews\":5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_push_that_is_answered_200_is_one_event) {
  branded f;
  auto connection = enrolled(f, "acme.test");
  auto stream = connection_stream(connection->identity.id);
  BOOST_TEST(push(f, connection, "[]").has_value());
  BOOST_TEST(push(f, connection, "[" + row("chatgpt.com", "/a", 1) + "]").has_value());
  BOOST_TEST(push(f, connection, "[" + row("chatgpt.com", "/a", 1) + "]").has_value());
  BOOST_TEST(push(f, connection, "[{}]").has_error());
  BOOST_TEST(f.log->events().version(stream).value() == 4u);
}

BOOST_AUTO_TEST_CASE(concurrent_pushes_of_the_same_row_leave_one_row) {
  branded f;
  auto connection = enrolled(f, "acme.test");
  std::atomic<std::int64_t> changed = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      auto reply = push(f, connection, "[" + row("chatgpt.com", "/a", 9) + "]");
      changed += reply.value().accepted - reply.value().deduplicated;
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(changed == 1);
  BOOST_TEST(pageviews(f).find("\"pageviews\":9") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rebuilt_projections_equal_the_ones_written_live) {
  auto log = std::make_shared<store::memory_log>();
  auto rows_of = [&](store::table where) {
    std::map<std::string, std::string> out;
    BOOST_REQUIRE(log->scan(where, "", "", [&](auto key, auto value) {
      out.emplace(key, value);
      return true;
    }));
    return out;
  };
  {
    branded f{log};
    auto connection = std::make_shared<const referrals::connection>(
        enrol(f, "acme.test", store::idempotency{"k", sha256({"b"})}).value().connection);
    BOOST_TEST(push(f, connection,
                    "[" + row("chatgpt.com", "/a", 1) + "," + row("claude.ai", "/b", 2) + "]")
                   .has_value());
    BOOST_TEST(push(f, connection, "[" + row("chatgpt.com", "/a", 4) + "]").has_value());
    BOOST_TEST(disable(f, connection).has_value());
  }
  auto live = rows_of(store::table::referrals);
  auto rows = rows_of(store::table::rows);
  auto rollups = rows_of(store::table::rollups);
  BOOST_TEST(live.size() >= 4u);
  BOOST_TEST(rows.size() >= 3u);
  BOOST_TEST(rollups.size() >= 5u);
  for (auto where : projected_tables)
    BOOST_REQUIRE(rebuild_table(log->events(), log->tables(), where, [](auto, auto) {}));
  BOOST_TEST((rows_of(store::table::referrals) == live));
  BOOST_TEST((rows_of(store::table::rows) == rows));
  BOOST_TEST((rows_of(store::table::rollups) == rollups));
}

BOOST_AUTO_TEST_CASE(a_brand_with_connections_stays_with_its_account) {
  branded f;
  BOOST_TEST(enrol(f, "acme.test").has_value());
  auto refused = change(f, change_account{"acme", body_of({{"brand_ids", json_list{}}}), false});
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "duplicate_entry");
}

BOOST_AUTO_TEST_CASE(a_brand_that_was_taken_away_takes_no_registration) {
  branded f;
  BOOST_TEST(
      change(f, change_account{"acme", body_of({{"brand_ids", json_list{}}}), false}).has_value());
  auto refused = enrol(f, "acme.test");
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "forbidden");
}

// Each replaces what another has pushed, so a push that was decided on rows without those before it
// would leave a wrong sum.
BOOST_AUTO_TEST_CASE(pushes_that_wait_for_one_connection_share_commits_and_add_up) {
  branded f;
  const auto connection = enrolled(f, "acme.test");
  const auto commits = f.log->events().commits();
  std::vector<std::string> bodies;
  for (int i = 0; i < 60; ++i)
    bodies.push_back("[" + row("chatgpt.com", "/same", i) + "," +
                     row("chatgpt.com", "/" + std::to_string(i % 7), 1) + "]");
  for (const auto& answer : push_at_once(f, connection, bodies))
    BOOST_TEST(answer.has_value());
  BOOST_TEST(f.log->events().version(connection_stream(connection->identity.id)).value() == 61U);
  BOOST_TEST_MESSAGE(f.log->events().commits() - commits << " commits of 60 pushes");
  const auto live = pageviews(f);
  f.running->stop();
  for (auto where : projected_tables)
    BOOST_REQUIRE(rebuild_table(f.log->events(), f.log->tables(), where,
                                [](std::uint64_t, std::uint64_t) {}));
  fixture again{f.log, small()};
  BOOST_TEST(pageviews(again) == live);
  BOOST_TEST(live.find("\"total\":1") != std::string::npos, live);
}

BOOST_AUTO_TEST_CASE(of_pushes_at_once_with_one_key_one_counts_and_the_others_repeat_its_answer) {
  branded f;
  const auto connection = enrolled(f, "acme.test");
  const std::vector<std::string> bodies(8, "[" + row("chatgpt.com", "/", 3) + "]");
  const store::idempotency key{"k", sha256({"the same"})};
  int replayed = 0;
  for (const auto& answer : push_at_once(f, connection, bodies, key)) {
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->accepted == 1);
    replayed += answer->replayed ? 1 : 0;
  }
  BOOST_TEST(replayed == 7);
  BOOST_TEST(f.log->events().version(connection_stream(connection->identity.id)).value() == 2U);
}

BOOST_AUTO_TEST_CASE(a_push_is_repeated_with_its_key_after_the_connection_was_disabled) {
  branded f;
  const auto connection = enrolled(f, "acme.test");
  const store::idempotency key{"k", sha256({"the same"})};
  BOOST_TEST(push(f, connection, "[" + row("chatgpt.com", "/", 3) + "]", key).has_value());
  BOOST_TEST(disable(f, connection).has_value());
  const auto again = push(f, connection, "[" + row("chatgpt.com", "/", 3) + "]", key);
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((again->replayed && again->accepted == 1));
  const store::idempotency other{"other", sha256({"another"})};
  const auto refused = push(f, connection, "[]", other);
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "gone");
}

BOOST_AUTO_TEST_CASE(pushes_behind_one_that_failed_are_not_written) {
  auto log = std::make_shared<store::memory_log>();
  branded f{log};
  const auto connection = enrolled(f, "acme.test");
  log->fail_next_commit("disk full");
  const std::vector<std::string> bodies(20, "[" + row("chatgpt.com", "/", 3) + "]");
  for (const auto& answer : push_at_once(f, connection, bodies))
    BOOST_TEST(answer.has_error());
  BOOST_TEST(log->version(connection_stream(connection->identity.id)).value() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
