// Erasing accounts: what goes, what stays, and that nothing comes in behind an erasure.

#include "actors/decisions/erasure_decisions.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/rebuilt_tables.hpp"
#include "domain/accounts/directory.hpp"
#include "store/audit/erasures.hpp"
#include "store/audit/verify.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;
using store::table;

namespace {

create_account make_account(const std::string& id, std::vector<std::int64_t> brands) {
  json_list list;
  for (auto each : brands)
    list.items.emplace_back(each);
  return {body_of({{"account_id", id}, {"name", "name of " + id}, {"brand_ids", list}}), false};
}

/// "acme" with a brand, and "other" with another.
struct two_accounts : fixture {
  explicit two_accounts(
      std::shared_ptr<store::log_engine> over = std::make_shared<store::memory_log>())
      : fixture(std::move(over), small()) {
    change(*this, make_account("acme", {brand})).value();
    change(*this, make_account("other", {brand + 1})).value();
  }
};

rule_reply create(fixture& f, const std::string& account, const std::string& domain,
                  std::optional<store::idempotency> key = {}) {
  return f.command(account,
                   attribution::create_passthrough_referrer{passthrough_body(domain), false},
                   std::move(key));
}

connection_ptr enrolled(fixture& f, const std::string& account, std::int64_t of,
                        const std::string& website) {
  connection_request request;
  request.by = {{"1", "request"}, {}};
  request.command = register_connection{of, account, {website, referrals::provider::custom}};
  auto made = f.ask<connection_reply>(f.running->connections(), std::move(request)).value();
  return std::make_shared<const referrals::connection>(made.connection);
}

push_reply push(fixture& f, connection_ptr to, int pageviews) {
  push_request request;
  request.by = {{"1", "request"}, {}};
  auto id = to->identity.id;
  request.connection = std::move(to);
  request.body = std::make_shared<const std::string>(
      R"([{"date":"2026-05-20","raw_referrer_value":"chatgpt.com","raw_page_value":"/","pageviews":)" +
      std::to_string(pageviews) + "}]");
  return f.ask<push_reply>(f.running->ingest().owner_of(id), std::move(request));
}

erasure_progress erase(fixture& f, const std::string& account) {
  return std::get<erasure_progress>(change(f, erase_account{account}).value().value);
}

/// Waits for the end of an erasure.
erasure_progress erased(fixture& f, const std::string& account) {
  for (int i = 0; i < 6'000; ++i) {
    auto progress = f.running->parts().erasures->find(account).value();
    if (progress.status == erasure_status::done)
      return progress;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  BOOST_FAIL("the erasure did not end");
  return {};
}

std::size_t parts_in(const store::event_log& log, const store::stream_name& stream) {
  std::size_t out = 0;
  BOOST_REQUIRE(log.read_stream(stream, 1, [&](const store::recorded_event& event) -> result<void> {
    out += event.part ? 1 : 0;
    return {};
  }));
  return out;
}

using rows = std::vector<std::pair<std::string, std::string>>;

rows rows_of(const store::table_store& tables, table where) {
  rows out;
  BOOST_REQUIRE(tables.scan(where, "", "", [&](std::string_view key, std::string_view value) {
    out.emplace_back(key, value);
    return true;
  }));
  return out;
}

std::size_t rows_with(const store::table_store& tables, table where, const std::string& text) {
  std::size_t out = 0;
  for (const auto& [key, value] : rows_of(tables, where))
    out += key.find(text) != key.npos || value.find(text) != value.npos ? 1 : 0;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(erasing)

BOOST_AUTO_TEST_CASE(an_erased_account_leaves_no_part_and_no_row) {
  two_accounts f;
  const store::idempotency key{"a-key", sha256({"request"})};
  BOOST_REQUIRE(create(f, "acme", "acme.example", key));
  BOOST_REQUIRE(create(f, "other", "other.example"));
  auto mine = enrolled(f, "acme", brand, "https://acme.example");
  auto theirs = enrolled(f, "other", brand + 1, "https://other.example");
  BOOST_REQUIRE(push(f, mine, 1));
  BOOST_REQUIRE(push(f, theirs, 1));
  BOOST_REQUIRE(change(f, put_brand_platform{brand, "acme", "ai.example", "House"}));
  BOOST_TEST(f.log->events().find_use("account/acme", "a-key").value().has_value());
  const auto end = f.log->events().end().position;

  BOOST_TEST(erase(f, "acme").of.account_id == "acme");
  const auto progress = erased(f, "acme");
  BOOST_TEST(progress.events_erased == progress.events_total);
  BOOST_TEST(progress.events_total == 5U); // one rule, two of the connection, two of the system
  BOOST_TEST(f.log->events().end().position == end + 1);
  BOOST_TEST(parts_in(f.log->events(), "account/acme") == 0U);
  BOOST_TEST(parts_in(f.log->events(), "connection/" + mine->identity.id) == 0U);
  BOOST_TEST(parts_in(f.log->events(), "account/other") == 1U);
  BOOST_TEST(parts_in(f.log->events(), "connection/" + theirs->identity.id) == 2U);
  BOOST_TEST(parts_in(f.log->events(), "system") == 2U);
  BOOST_TEST(!f.log->events().find_use("account/acme", "a-key").value().has_value());
  for (const auto where : {table::referrals, table::rows, table::rollups, table::side_facts}) {
    BOOST_TEST(rows_with(f.log->tables(), where, mine->identity.id) == 0U, name_of(where));
    BOOST_TEST(rows_with(f.log->tables(), where, theirs->identity.id) > 0U, name_of(where));
  }
  BOOST_TEST(rows_with(f.log->tables(), table::directory, "House") == 0U);
  BOOST_TEST(rows_with(f.log->tables(), table::directory, "name of acme") == 0U);
  BOOST_TEST(rows_with(f.log->tables(), table::directory, "name of other") == 1U);
  const auto verified = store::verify_log(f.log->events(), {});
  BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  BOOST_TEST(verified->erased == 5U);
}

BOOST_AUTO_TEST_CASE(tables_that_are_built_anew_are_the_same) {
  two_accounts f;
  BOOST_REQUIRE(f.running->create_token("a", "admin", {}));
  accounts::api_token installation;
  installation.accounts.all = true;
  installation.scopes = accounts::scopes_of(accounts::role::admin);
  const auto creator = std::make_shared<token_entry>(installation);
  const auto make_token = [&](std::vector<std::string> ids) {
    json_list list;
    for (auto& id : ids)
      list.items.emplace_back(id);
    draft body = body_of({{"name", std::string{"secret name"}},
                          {"role", std::string{"viewer"}},
                          {"account_ids", list}});
    return std::get<created_token>(change(f, create_token{creator, body, false}).value().value);
  };
  const auto both = make_token({"acme", "other"});
  const auto own = make_token({"acme"}); // the newest token goes, and its id is not given again
  auto mine = enrolled(f, "acme", brand, "https://acme.example");
  auto theirs = enrolled(f, "other", brand + 1, "https://other.example");
  BOOST_REQUIRE(push(f, mine, 1));
  BOOST_REQUIRE(push(f, theirs, 1));
  erase(f, "acme");
  erased(f, "acme");
  const auto hash = accounts::hash_secret(own.secret);
  BOOST_TEST(!f.ask<token_reply>(f.running->readers().next(), find_token{hash}).value());
  BOOST_TEST(rows_with(f.log->tables(), table::directory, "secret name") == 1U);
  std::map<table, rows> before;
  for (const auto where : projected_tables)
    before[where] = rows_of(f.log->tables(), where);
  f.running->stop();
  for (const auto where : projected_tables)
    BOOST_REQUIRE(rebuild_table(f.log->events(), f.log->tables(), where,
                                [](std::uint64_t, std::uint64_t) {}));
  for (const auto where : projected_tables)
    BOOST_TEST((before[where] == rows_of(f.log->tables(), where)), name_of(where));
  BOOST_TEST((*f.log->tables().get(table::directory, accounts::next_token_key) ==
              std::to_string(own.token.id + 1)));
  BOOST_TEST(both.token.id < own.token.id);
}

BOOST_AUTO_TEST_CASE(an_erasure_is_one_event_however_often_it_is_asked_for) {
  two_accounts f;
  const auto first = erase(f, "acme");
  const auto end = f.log->events().end().position;
  const auto second = erase(f, "acme");
  BOOST_TEST(second.of.sequence == first.of.sequence);
  BOOST_TEST(f.log->events().end().position == end);
  erased(f, "acme");
  BOOST_TEST((erase(f, "acme").status == erasure_status::done));
  BOOST_TEST(f.log->events().end().position == end);
  const auto unknown = change(f, erase_account{"nobody"});
  BOOST_REQUIRE(unknown.has_error());
  BOOST_TEST(to_string(unknown.error().code) == "account_not_found");
}

BOOST_AUTO_TEST_CASE(an_erased_account_is_gone_for_everyone_and_its_id_is_not_given_again) {
  two_accounts f;
  auto mine = enrolled(f, "acme", brand, "https://acme.example");
  BOOST_REQUIRE(create(f, "acme", "acme.example"));
  auto loaded = f.account("acme");
  erase(f, "acme");
  const auto code = [](const auto& reply) {
    return reply.has_error() ? std::string(to_string(reply.error().code)) : "none";
  };
  BOOST_TEST(code(f.ask<loaded_account_reply>(f.running->registry(), acquire_account{"acme"})) ==
             "account_erased");
  BOOST_TEST(!f.running->parts().loaded->find("acme"));
  BOOST_TEST(code(push(f, mine, 2)) != "none");
  BOOST_TEST(code(change(f, make_account("acme", {}))) == "duplicate_entry");
  BOOST_TEST(code(change(f, make_account("third", {brand}))) == "duplicate_entry");
  BOOST_TEST(code(change(f, change_account{"acme", body_of({}), false})) == "account_erased");
  BOOST_TEST(code(change(f, put_brand_platform{brand, "acme", "ai.example", "x"})) ==
             "account_erased");
  connection_request request;
  request.command =
      register_connection{brand, "acme", {"https://new.example", referrals::provider::custom}};
  BOOST_TEST(code(f.ask<connection_reply>(f.running->connections(), request)) == "account_erased");
  list_accounts all;
  all.limit = 10;
  for (const auto& ids : {std::vector<std::string>{}, {"acme", "other"}}) {
    accounts::api_token token;
    token.accounts = {ids.empty(), ids};
    all.who = std::make_shared<token_entry>(token);
    const auto left = f.ask<account_list>(f.running->readers().next(), all).value();
    BOOST_REQUIRE(left.items.size() == 1U);
    BOOST_TEST(left.items[0].account_id == "other");
  }
  erased(f, "acme");
}

BOOST_AUTO_TEST_CASE(what_races_with_an_erasure_is_erased_or_refused) {
  for (int round = 0; round < 5; ++round) {
    two_accounts f;
    auto mine = enrolled(f, "acme", brand, "https://acme.example");
    std::atomic<int> kept = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> clients;
    for (int client = 0; client < 4; ++client)
      clients.emplace_back([&, client] {
        for (int i = 0; i < 200 && refused < 8; ++i) {
          const auto is_done = [&] {
            try {
              return client < 2 ? create(f, "acme",
                                         "d" + std::to_string(client) + "x" + std::to_string(i) +
                                             ".example")
                                      .has_value()
                                : push(f, mine, 1'000 * client + i).has_value();
            } catch (const std::exception&) {
              return false; // The account is gone: it is not loaded, or there is no receiver.
            }
          };
          (is_done() ? kept : refused) += 1;
        }
      });
    std::this_thread::sleep_for(std::chrono::milliseconds{5 * round});
    erase(f, "acme");
    for (auto& client : clients)
      client.join();
    const auto progress = erased(f, "acme");
    const auto erasure =
        store::read_erasure(f.log->events(), static_cast<std::uint64_t>(progress.of.sequence))
            .value();
    std::uint64_t versions = 0;
    for (const auto& stream : erased_streams(erasure)) {
      BOOST_TEST(parts_in(f.log->events(), stream) == 0U);
      versions += f.log->events().version(stream).value();
    }
    BOOST_TEST(versions == static_cast<std::uint64_t>(kept) + 1); // and the registration
    BOOST_TEST(rows_of(f.log->tables(), table::rows).empty());
    BOOST_TEST(rows_of(f.log->tables(), table::states).empty());
    BOOST_TEST(rows_with(f.log->tables(), table::side_facts, mine->identity.id) == 0U);
    const auto verified = store::verify_log(f.log->events(), {});
    BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  }
}

BOOST_AUTO_TEST_CASE(a_service_goes_on_with_what_the_one_before_did_not_end) {
  auto log = std::make_shared<store::memory_log>();
  std::string id;
  {
    two_accounts f{log};
    id = enrolled(f, "acme", brand, "https://acme.example")->identity.id;
    BOOST_REQUIRE(create(f, "acme", "acme.example"));
    f.running->stop();
    // Killed right behind the event.
    auto erasure = decide_erasure(log->events(), log->tables(), "acme").value();
    BOOST_REQUIRE(add_connections(*log, erasure.event));
    BOOST_TEST(erasure.event.connections == std::vector{id}, boost::test_tools::per_element());
    auto message = erasure_append(*log, {{"1", "request"}, {}}, erasure).value();
    const auto outcomes = log->append({&message.request, 1}, now());
    BOOST_REQUIRE((outcomes.at(0).status == store::append_status::appended));
  }
  fixture again{log, small()};
  const auto refused =
      again.ask<loaded_account_reply>(again.running->registry(), acquire_account{"acme"});
  BOOST_TEST(refused.has_error());
  const auto progress = erased(again, "acme");
  BOOST_TEST(progress.events_erased == 3U);
  BOOST_TEST(parts_in(*log, "account/acme") == 0U);
  BOOST_TEST(parts_in(*log, "connection/" + id) == 0U);
  BOOST_TEST(rows_with(*log, table::referrals, id) == 0U);
}

BOOST_AUTO_TEST_CASE(a_part_that_is_gone_without_an_erasure_stops_a_rebuild_and_its_account) {
  two_accounts f;
  BOOST_REQUIRE(create(f, "acme", "acme.example"));
  f.running->stop();
  const std::vector<std::uint64_t> first{1};
  BOOST_REQUIRE(f.log->erasure().erase_parts("account/acme", first));
  BOOST_REQUIRE(f.log->erasure().erase_parts("system", first));
  const auto rebuilt = rebuild_table(f.log->events(), f.log->tables(), table::directory,
                                     [](std::uint64_t, std::uint64_t) {});
  BOOST_REQUIRE(rebuilt.has_error());
  BOOST_TEST(rebuilt.error().message ==
             "stream system, sequence 1: its payload part is gone, and no account_erased accounts "
             "for it");
}

BOOST_AUTO_TEST_CASE(each_failure_doubles_the_pause_up_to_five_minutes) {
  const int expected[] = {10, 20, 40, 80, 160, 300, 300};
  for (unsigned failures = 0; failures < std::size(expected); ++failures)
    BOOST_TEST(erasure_pause(failures).count() == expected[failures]);
  BOOST_TEST(erasure_pause(1'000'000).count() == 300);
}

BOOST_AUTO_TEST_CASE(progress_is_kept_as_it_was) {
  erasure_progress progress;
  progress.status = erasure_status::failed;
  progress.step = erasure_step::files;
  progress.events_erased = 3;
  progress.events_total = 5;
  progress.started_at = 7;
  progress.reason = "no room";
  const auto again = decode_erasure_progress(encode(progress)).value();
  BOOST_TEST(encode(again) == encode(progress));
  BOOST_TEST((again.status == progress.status && again.step == progress.step));
  BOOST_TEST(decode_erasure_progress("{}").has_error());
  auto damaged = encode(progress);
  damaged.replace(damaged.find("failed"), 6, "fooled");
  BOOST_TEST((decode_erasure_progress(damaged).error().code == errc::corrupt_log));
}

BOOST_AUTO_TEST_SUITE_END()
