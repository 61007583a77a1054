// Commands that wait together are decided as if each came after the ones before it.

#include "actors/decisions/directory_batch.hpp"
#include "actors/shared/append.hpp"
#include "actors/views/projections.hpp"
#include "domain/accounts/directory.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::actors::testing {
namespace {

token_ptr installation_token() {
  accounts::api_token token;
  token.accounts.all = true;
  token.scopes = accounts::scopes_of(accounts::role::admin);
  return std::make_shared<token_entry>(token);
}

directory_request request_of(directory_command command, const std::string& key = {},
                             const std::string& of = "request") {
  directory_request out;
  out.by.from = {"0", "id"};
  out.by.is_operator = true;
  if (!key.empty())
    out.by.key = store::idempotency{key, sha256({of})};
  out.command = std::move(command);
  return out;
}

json_list list_of(const std::vector<std::int64_t>& numbers) {
  json_list out;
  for (const auto number : numbers)
    out.items.emplace_back(number);
  return out;
}

directory_request new_account(const std::string& id, const std::vector<std::int64_t>& brands = {},
                              const std::string& key = {}, const std::string& of = "request") {
  return request_of(
      create_account{body_of({{"account_id", id}, {"name", id}, {"brand_ids", list_of(brands)}}),
                     false},
      key, of);
}

directory_request new_token(const std::string& account_id, const std::string& key = {}) {
  json_list accounts;
  accounts.items.emplace_back(account_id);
  return request_of(create_token{installation_token(),
                                 body_of({{"name", std::string{"one"}},
                                          {"role", std::string{"viewer"}},
                                          {"account_ids", accounts}}),
                                 false},
                    key);
}

directory_request brands_of(const std::string& id, const std::vector<std::int64_t>& brands) {
  return request_of(change_account{id, body_of({{"brand_ids", list_of(brands)}}), false});
}

directory_batch decide(store::memory_log& log, const std::vector<directory_request>& requests,
                       const std::optional<refused_purpose>& refused = {},
                       std::size_t account_tokens = 3, const account_quota& quota = {}) {
  // Outlives the log's use of it, but not the log, which the test owns.
  const std::shared_ptr<store::log_engine> engine{std::shared_ptr<void>{}, &log};
  const directory_limits limits{account_tokens, std::make_shared<account_counts>(engine, quota)};
  std::vector<const directory_request*> all;
  for (const auto& request : requests)
    all.push_back(&request);
  return decide_batch(log, log, all, limits, refused);
}

/// Decides and appends; the events' headers.
std::vector<store::event_header> write(store::memory_log& log,
                                       const std::vector<directory_request>& requests) {
  const auto batch = decide(log, requests);
  BOOST_REQUIRE(batch.decided.size() == requests.size());
  auto outcomes = log.append({&batch.append, 1}, 1'000'000);
  BOOST_REQUIRE((outcomes.front().status == store::append_status::appended));
  return std::move(outcomes.front().events);
}

std::string code_of(const decided_directory_command& one) {
  return one.outcome ? one.decision.event ? "event" : "answer"
                     : std::string(to_string(one.outcome.error().code));
}

} // namespace

BOOST_AUTO_TEST_SUITE(directory_batches)

BOOST_AUTO_TEST_CASE(many_accounts_and_their_tokens_are_one_append) {
  store::memory_log log;
  std::vector<directory_request> requests;
  for (int i = 0; i < 100; ++i) {
    requests.push_back(new_account("a" + std::to_string(i), {i + 1}));
    requests.push_back(new_token("a" + std::to_string(i)));
  }
  const auto headers = write(log, requests);
  BOOST_TEST(headers.size() == 200U);
  BOOST_TEST(log.commits() == 1U);
  // Tokens have the numbers that they would have one after the other.
  for (int i = 1; i <= 100; ++i)
    BOOST_TEST(log.get(store::table::directory, accounts::token_key(i)).value().has_value());
  BOOST_TEST(accounts::decode_id(
                 log.get(store::table::directory, accounts::next_token_key).value().value())
                 .value() == 101);
}

BOOST_AUTO_TEST_CASE(a_command_sees_what_those_before_it_will_have_changed) {
  store::memory_log log;
  const auto batch = decide(log, {new_account("a", {1}), new_account("a"), new_account("b", {1}),
                                  new_account("c", {2}), new_token("b"), new_token("c")});
  std::vector<std::string> codes;
  for (const auto& one : batch.decided)
    codes.push_back(code_of(one));
  const std::vector<std::string> expected{"event", "duplicate_entry",  "duplicate_entry",
                                          "event", "validation_error", "event"};
  BOOST_TEST(codes == expected, boost::test_tools::per_element());
  BOOST_TEST(!batch.decided[0].rests_on_others);
  BOOST_TEST(batch.decided[1].rests_on_others);
}

BOOST_AUTO_TEST_CASE(the_quota_of_tokens_counts_those_on_their_way) {
  store::memory_log log;
  write(log, {new_account("a"), new_token("a")});
  const auto batch = decide(log, {new_token("a"), new_token("a"), new_token("a")});
  BOOST_TEST(code_of(batch.decided[0]) == "event");
  BOOST_TEST(code_of(batch.decided[1]) == "event");
  BOOST_TEST(code_of(batch.decided[2]) == "quota_exceeded");
}

BOOST_AUTO_TEST_CASE(an_account_beyond_its_quota_is_refused_and_the_others_of_the_batch_are_not) {
  store::memory_log log;
  write(log, {new_account("a"), new_account("b")});
  const auto of_tenant = [](const std::string& id) {
    auto out = new_token(id);
    out.by.is_operator = false;
    return out;
  };
  const auto batch =
      decide(log, {of_tenant("a"), of_tenant("a"), of_tenant("b"), new_token("a"), of_tenant("a")},
             {}, 10, {1 << 20, 1});
  std::vector<std::string> codes;
  for (const auto& one : batch.decided)
    codes.push_back(code_of(one));
  const std::vector<std::string> expected{"event", "quota_exceeded", "event", "event",
                                          "quota_exceeded"};
  BOOST_TEST(codes == expected, boost::test_tools::per_element());
  std::vector<std::string> counted;
  for (const auto& each : batch.counted.rooms())
    counted.push_back(each.account_id + std::to_string(each.command));
  const std::vector<std::string> those_with_events{"a0", "b1", "a2"};
  BOOST_TEST(counted == those_with_events, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_removal_goes_through_where_counts_cannot_be_read) {
  store::memory_log log;
  write(log, {new_account("a"), new_token("a")});
  store::append_request damage{account_stream("a"), 0, {}};
  auto& event = damage.commands.emplace_back();
  event.events.push_back(make_event(origin{}, "test", 1, "{}"));
  event.writes = {{store::table::usage, account_usage_key("a"), "junk"}};
  BOOST_REQUIRE((log.append({&damage, 1}, 1).front().status == store::append_status::appended));
  auto of_tenant = new_token("a");
  of_tenant.by.is_operator = false;
  const auto batch = decide(log, {request_of(revoke_token{installation_token(), 1})});
  BOOST_TEST(code_of(batch.decided.at(0)) == "event");
  BOOST_TEST(code_of(decide(log, {of_tenant}).decided.at(0)) == "corrupt_log");
}

BOOST_AUTO_TEST_CASE(what_a_batch_takes_of_a_quota_is_given_back_unless_it_is_appended) {
  store::memory_log log;
  write(log, {new_account("a")});
  const auto counts = std::make_shared<account_counts>(
      std::shared_ptr<store::log_engine>{std::shared_ptr<void>{}, &log}, account_quota{1 << 20, 1});
  auto of_tenant = new_token("a");
  of_tenant.by.is_operator = false;
  const directory_request* const one[] = {&of_tenant};
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(code_of(decide_batch(log, log, one, {10, counts}).decided.at(0)) == "event");
  auto kept = decide_batch(log, log, one, {10, counts});
  BOOST_TEST(code_of(decide_batch(log, log, one, {10, counts}).decided.at(0)) == "quota_exceeded");
  // The journal has it now, and settles it.
  for (const auto& room : kept.counted.release())
    counts->settle(room.account_id, room.adds, {});
  BOOST_TEST(code_of(decide_batch(log, log, one, {10, counts}).decided.at(0)) == "event");
}

BOOST_AUTO_TEST_CASE(a_batch_ends_before_a_second_use_of_a_key) {
  store::memory_log log;
  const std::vector<directory_request> requests{new_account("a", {}, "key"), new_account("b"),
                                                new_account("a", {}, "key"), new_account("c")};
  const auto batch = decide(log, requests);
  BOOST_TEST(batch.decided.size() == 2U);
  BOOST_REQUIRE(
      (log.append({&batch.append, 1}, 1).front().status == store::append_status::appended));
  const auto then = decide(log, {requests.begin() + 2, requests.end()});
  BOOST_REQUIRE(then.decided.size() == 2U);
  BOOST_TEST(then.decided[0].outcome.value().replayed);
  BOOST_TEST(code_of(then.decided[1]) == "event");
  const auto other = decide(log, {new_account("d", {}, "key", "another request")});
  BOOST_TEST(code_of(other.decided[0]) == "idempotency_key_reused");
}

BOOST_AUTO_TEST_CASE(keys_of_one_customer_do_not_meet_those_of_another) {
  store::memory_log log;
  write(log, {new_account("a"), new_account("b")});
  auto of_a = new_token("a", "key");
  auto of_b = new_token("b", "key");
  const auto creator_of = [](const std::string& id) {
    auto out = installation_token();
    accounts::api_token token = out->token;
    token.accounts = {};
    token.accounts.ids = {id};
    return std::make_shared<token_entry>(token);
  };
  std::get<create_token>(of_a.command).creator = creator_of("a");
  std::get<create_token>(of_b.command).creator = creator_of("b");
  const auto batch = decide(log, {of_a, of_b});
  BOOST_REQUIRE(batch.decided.size() == 2U);
  for (const auto& one : batch.decided)
    BOOST_TEST(code_of(one) == "event");
  BOOST_TEST(decide(log, {of_a, of_a}).decided.size() == 1U);
  write(log, {of_a});
  of_a.by.key->fingerprint = sha256({"another request"});
  const auto reused = decide(log, {of_a});
  BOOST_REQUIRE(reused.decided.size() == 1U);
  // As the client knows it.
  BOOST_TEST(reused.decided[0].outcome.error().message ==
             "This Idempotency-Key was used for another request: key");
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_read_is_the_trouble_of_its_own_request_alone) {
  struct damaged_log : store::memory_log {
    result<std::vector<std::optional<store::idempotent_use>>>
    find_uses(const store::stream_name& stream, std::span<const std::string> keys) const override {
      for (const auto& key : keys)
        if (key == "damaged")
          return error{errc::corrupt_log, "the use of a key is damaged"};
      return store::memory_log::find_uses(stream, keys);
    }
  };
  damaged_log log;
  const std::vector<directory_request> requests{new_account("a"), new_account("b", {}, "damaged"),
                                                new_account("c")};
  std::vector<std::string> codes;
  for (std::size_t at = 0; at < requests.size();) {
    const auto batch =
        decide(log, {requests.begin() + static_cast<std::ptrdiff_t>(at), requests.end()});
    BOOST_REQUIRE(!batch.decided.empty());
    for (const auto& one : batch.decided)
      codes.push_back(code_of(one));
    at += batch.decided.size();
  }
  const std::vector<std::string> expected{"event", "corrupt_log", "event"};
  BOOST_TEST(codes == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(taking_brands_away_is_done_alone) {
  store::memory_log log;
  write(log, {new_account("a", {1, 2}), new_account("b", {3})});
  const std::vector<directory_request> requests{new_account("c"), brands_of("a", {1}),
                                                new_account("d", {2})};
  const auto first = decide(log, requests);
  BOOST_TEST(first.decided.size() == 1U);
  BOOST_TEST(first.released_brands.empty());
  const auto second = decide(log, {requests.begin() + 1, requests.end()});
  BOOST_TEST(second.released_brands == std::vector<std::int64_t>{2},
             boost::test_tools::per_element());
  // What is decided after it would need it; it comes with the next batch.
  BOOST_TEST(second.decided.size() == 1U);
  BOOST_TEST(second.append.commands.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_journal_refused_is_left_out_and_a_revocation_goes_through) {
  store::memory_log log;
  write(log, {new_account("a"), new_token("a")});
  const std::vector<directory_request> requests{new_account("b"),
                                                request_of(revoke_token{installation_token(), 1})};
  BOOST_TEST((decide(log, requests).purpose == write_purpose::operates));
  const auto again = decide(
      log, requests,
      refused_purpose{write_purpose::operates, {errc::storage_full, "The disk is almost full"}});
  BOOST_TEST(code_of(again.decided[0]) == "storage_full");
  BOOST_TEST(code_of(again.decided[1]) == "event");
  BOOST_TEST((again.purpose == write_purpose::frees));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::actors::testing
