// Quotas of accounts and brands, and the low-water mark of the disk: what is refused, what goes
// through all the same, and that the counts are those of the log.

#include "actors/decisions/directory_decisions.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/rebuilt_tables.hpp"
#include "enrolling.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;
using store::table;

namespace {

service_settings with_quota(std::uint64_t bytes, std::uint64_t events) {
  auto out = small();
  out.limits.quota = {bytes, events};
  return out;
}

/// "acme" with a brand, and "other" without.
struct two_tenants : fixture {
  explicit two_tenants(
      const service_settings& settings = small(),
      std::shared_ptr<store::memory_log> over = std::make_shared<store::memory_log>())
      : fixture(over, settings), memory(std::move(over)) {
    make("acme", json_list{{brand}});
    make("other", json_list{});
  }
  void make(const std::string& id, json_list brands) {
    draft body = body_of({{"account_id", id}, {"name", id}, {"brand_ids", std::move(brands)}});
    static_cast<void>(change(*this, create_account{body, false})); // there is one after a restart
  }

  std::shared_ptr<store::memory_log> memory;
};

rule_reply create(fixture& f, const std::string& account, int number) {
  return f.command(account,
                   attribution::create_passthrough_referrer{
                       passthrough_body("n" + std::to_string(number) + ".example"), false});
}

/// Creates rules until one is refused, and returns how many were made and the refusal.
std::pair<int, error> fill(fixture& f, const std::string& account) {
  for (int i = 0; i < 1'000; ++i)
    if (auto made = create(f, account, i); !made)
      return {i, made.error()};
  BOOST_FAIL("nothing was refused");
  return {};
}

push_reply push(fixture& f, connection_ptr to) {
  push_request request;
  request.by = {{"1", "request"}, {}};
  const auto id = to->identity.id;
  request.connection = std::move(to);
  request.body = std::make_shared<const std::string>("[]");
  return f.ask<push_reply>(f.running->ingest().owner_of(id), std::move(request));
}

template <class Reply>
void check_refused(const Reply& reply, errc code) {
  BOOST_REQUIRE(reply.has_error());
  BOOST_TEST(to_string(reply.error().code) == to_string(code), reply.error().message);
}

store::usage used_by(fixture& f, const std::string& account) {
  return usage_of_account(f.log->tables(), account).value();
}

token_ptr installation() {
  accounts::api_token token;
  token.accounts.all = true;
  token.scopes = accounts::scopes_of(accounts::role::admin);
  return std::make_shared<token_entry>(std::move(token));
}

directory_reply make_token(fixture& f, const std::vector<std::string>& accounts,
                           std::optional<std::int64_t> days = {}) {
  json_list list;
  for (const auto& id : accounts)
    list.items.emplace_back(id);
  draft body =
      body_of({{"name", std::string{"t"}}, {"role", std::string{"viewer"}}, {"account_ids", list}});
  if (days)
    body.members.push_back({"expires_in_days", *days});
  return change(f, create_token{installation(), body, false});
}

std::int64_t id_of(const directory_reply& made) {
  return std::get<created_token>(made.value().value).token.id;
}

/// A disk of a size whose mark is 50 MiB, with so many MiB left.
store::disk_room disk_with(std::uint64_t left) {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  return {{left * mebibyte, 1'000 * mebibyte}, 0, 0};
}

/// Waits for the journal's next look at the disk.
void await_disk(fixture& f, bool is_low) {
  for (int i = 0; i < 1'000 && f.running->parts().disk->is_low() != is_low; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  BOOST_REQUIRE(f.running->parts().disk->is_low() == is_low);
}

} // namespace

BOOST_AUTO_TEST_SUITE(quotas)

BOOST_AUTO_TEST_CASE(an_account_beyond_its_events_is_refused_and_may_still_remove) {
  two_tenants f{with_quota(1 << 30, 5)};
  const auto [made, why] = fill(f, "acme");
  BOOST_TEST(made == 5);
  BOOST_TEST(to_string(why.code) == "quota_exceeded");
  BOOST_TEST(why.message == "The quota of account acme is 5 events; 5 are used, and this adds 1");
  BOOST_TEST(f.command("acme", attribution::delete_passthrough_referrer{1}).has_value());
  BOOST_TEST(used_by(f, "acme").events == 6U);
  check_refused(create(f, "acme", 7), errc::quota_exceeded);
  BOOST_TEST(create(f, "other", 7).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_count_and_are_those_of_the_log) {
  two_tenants f{with_quota(4'000, 1'000)};
  const auto [made, why] = fill(f, "acme");
  BOOST_TEST(made > 2);
  BOOST_TEST(to_string(why.code) == "quota_exceeded");
  BOOST_TEST(why.message.find("4000 bytes of events") != std::string::npos, why.message);
  store::usage counted;
  BOOST_REQUIRE(f.log->events().read_stream(
      account_stream("acme"), 1, [&](const store::recorded_event& event) -> result<void> {
        counted += store::usage_of_event(event.header_text, event.part->text);
        return {};
      }));
  BOOST_TEST((used_by(f, "acme") == counted));
}

BOOST_AUTO_TEST_CASE(connections_and_pushes_count_for_the_owner_of_the_brand) {
  two_tenants f{with_quota(1 << 30, 4)};
  const auto link = enrolled(f, "one.example");
  BOOST_TEST(create(f, "acme", 1).has_value());
  BOOST_TEST(push(f, link).has_value());
  BOOST_TEST(push(f, link).has_value());
  BOOST_TEST(used_by(f, "acme").events == 4U);
  check_refused(push(f, link), errc::quota_exceeded);
  check_refused(enrol(f, "two.example"), errc::quota_exceeded);
  check_refused(create(f, "acme", 2), errc::quota_exceeded);
  BOOST_TEST(disable(f, link).has_value());
  BOOST_TEST(used_by(f, "acme").events == 5U);
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_the_counts_and_a_rebuild_finds_the_same) {
  auto log = std::make_shared<store::memory_log>();
  {
    two_tenants f{with_quota(1 << 30, 8), log};
    const auto link = enrolled(f, "one.example");
    BOOST_TEST(push(f, link).has_value());
    BOOST_TEST(create(f, "acme", 500).has_value());
    BOOST_TEST(make_token(f, {"acme", "other"}).has_value());
    change(f, revoke_token{installation(), id_of(make_token(f, {"acme"}))}).value();
  }
  two_tenants f{with_quota(1 << 30, 8), log};
  const auto [made, why] = fill(f, "acme");
  BOOST_TEST(to_string(why.code) == "quota_exceeded");
  BOOST_TEST(used_by(f, "acme").events == 8U);
  std::map<std::string, std::string> before, after;
  const auto rows = [&](auto& into) {
    BOOST_REQUIRE(log->scan(table::usage, "", "", [&](std::string_view key, std::string_view row) {
      into.emplace(key, row);
      return true;
    }));
  };
  rows(before);
  f.running->stop();
  BOOST_REQUIRE(rebuild_table(log->events(), log->tables(), table::usage,
                              [](std::uint64_t, std::uint64_t) {}));
  rows(after);
  BOOST_TEST((before == after));
  BOOST_TEST(before.size() == 6U);
}

// Each stays in the log for ever, so an account could fill the disk with them for everybody.
BOOST_AUTO_TEST_CASE(tokens_and_platforms_count_for_their_account) {
  two_tenants f{with_quota(1 << 30, 5)};
  const auto first = make_token(f, {"acme", "other"});
  BOOST_TEST(first.has_value());
  BOOST_TEST(change(f, put_brand_platform{brand, "acme", "ai.example", "Ours"}).has_value());
  BOOST_TEST(create(f, "acme", 1).has_value());
  BOOST_TEST(make_token(f, {"acme"}).has_value());
  BOOST_TEST(used_by(f, "acme").events == 4U);
  BOOST_TEST(used_by(f, "other").events == 0U);
  BOOST_TEST(make_token(f, {"acme"}).has_value());
  const auto refused = make_token(f, {"acme"});
  check_refused(refused, errc::quota_exceeded);
  BOOST_TEST(refused.error().message ==
             "The quota of account acme is 5 events; 5 are used, and this adds 1");
  check_refused(change(f, put_brand_platform{brand, "acme", "ai2.example", "Ours"}),
                errc::quota_exceeded);
  check_refused(create(f, "acme", 2), errc::quota_exceeded);
  // Removals go through, and so does what operators do.
  BOOST_TEST(change(f, revoke_token{installation(), id_of(first)}).has_value());
  BOOST_TEST(change(f, remove_brand_platform{brand, "acme", "ai.example"}).has_value());
  BOOST_TEST(used_by(f, "acme").events == 7U);
  directory_request operators;
  operators.by.is_operator = true;
  operators.command = create_token{installation(),
                                   body_of({{"name", std::string{"t"}},
                                            {"role", std::string{"viewer"}},
                                            {"account_ids", json_list{{std::string{"acme"}}}}}),
                                   false};
  BOOST_TEST(f.ask<directory_reply>(f.running->directory(), operators).has_value());
  BOOST_TEST(make_token(f, {"other"}).has_value());
}

// Commands that wait together are decided together, but a refusal of one is none of another.
BOOST_AUTO_TEST_CASE(removals_go_through_beside_creations_that_are_refused) {
  two_tenants f{with_quota(1 << 30, 10)};
  fill(f, "acme");
  std::vector<std::future<rule_reply>> removals, creations;
  for (int i = 1; i <= 10; ++i) {
    removals.push_back(std::async(std::launch::async, [&f, i] {
      return f.command("acme", attribution::delete_passthrough_referrer{i});
    }));
    creations.push_back(
        std::async(std::launch::async, [&f, i] { return create(f, "acme", 100 + i); }));
  }
  for (auto& each : removals)
    BOOST_TEST(each.get().has_value());
  for (auto& each : creations)
    check_refused(each.get(), errc::quota_exceeded);
}

BOOST_AUTO_TEST_CASE(usable_tokens_of_an_account_are_limited) {
  auto settings = small();
  settings.limits.account_tokens = 2;
  two_tenants f{settings};
  const auto first = make_token(f, {"acme"});
  BOOST_TEST(make_token(f, {"acme", "other"}, 1).has_value());
  const auto beyond = make_token(f, {"acme"});
  check_refused(beyond, errc::quota_exceeded);
  BOOST_TEST(beyond.error().message.find("is 2 usable API tokens; 2 are used") !=
             std::string::npos);
  BOOST_TEST(make_token(f, {"other"}).has_value());
  check_refused(make_token(f, {"other"}), errc::quota_exceeded);
  BOOST_TEST(make_token(f, {"*"}).has_value());
  BOOST_TEST(change(f, revoke_token{installation(), id_of(first)}).has_value());
  BOOST_TEST(make_token(f, {"acme"}).has_value());
}

BOOST_AUTO_TEST_CASE(expired_tokens_do_not_count) {
  auto settings = small();
  settings.limits.account_tokens = 1;
  two_tenants f{settings};
  BOOST_TEST(make_token(f, {"acme"}, 1).has_value());
  const auto& tables = f.log->tables();
  const auto later = create_token{installation(),
                                  body_of({{"name", std::string{"t"}},
                                           {"role", std::string{"viewer"}},
                                           {"account_ids", json_list{{std::string{"acme"}}}}}),
                                  false};
  constexpr micros day = 86'400'000'000;
  BOOST_TEST(decide(tables, later, now(), 1).has_error());
  BOOST_TEST(decide(tables, later, now() + 2 * day, 1).has_value());
}

BOOST_AUTO_TEST_CASE(connections_of_a_brand_are_limited_disabled_ones_included) {
  auto settings = small();
  settings.limits.brand_connections = 2;
  two_tenants f{settings};
  const auto first = enrolled(f, "one.example");
  BOOST_TEST(enrol(f, "two.example").has_value());
  check_refused(enrol(f, "three.example"), errc::quota_exceeded);
  BOOST_TEST(disable(f, first).has_value());
  check_refused(enrol(f, "three.example"), errc::quota_exceeded);
  BOOST_TEST(enrol(f, "one.example").has_value()); // the same one again
}

BOOST_AUTO_TEST_CASE(a_disk_below_its_mark_takes_removals_and_what_operators_do) {
  two_tenants f;
  BOOST_TEST(create(f, "acme", 1).has_value());
  BOOST_TEST(create(f, "acme", 2).has_value());
  const auto token = id_of(make_token(f, {"acme"}));
  f.memory->set_disk(disk_with(40));
  await_disk(f, true);
  const auto refused = create(f, "acme", 3);
  check_refused(refused, errc::storage_full);
  BOOST_TEST(refused.error().retry_after > 0);
  BOOST_TEST(refused.error().message.ends_with("only removals are taken"), refused.error().message);
  check_refused(make_token(f, {"acme"}), errc::storage_full);
  BOOST_TEST(f.command("acme", attribution::delete_passthrough_referrer{1}).has_value());
  BOOST_TEST(change(f, revoke_token{installation(), token}).has_value());
  directory_request operators;
  operators.by.is_operator = true;
  operators.command = create_account{
      body_of({{"account_id", std::string{"third"}}, {"name", std::string{"third"}}}), false};
  BOOST_TEST(f.ask<directory_reply>(f.running->directory(), operators).has_value());
  f.memory->set_disk(disk_with(100));
  await_disk(f, false);
  BOOST_TEST(create(f, "acme", 3).has_value());
}

BOOST_AUTO_TEST_CASE(removals_end_last) {
  two_tenants f;
  BOOST_TEST(create(f, "acme", 1).has_value());
  BOOST_TEST(create(f, "acme", 2).has_value());
  f.memory->set_disk(disk_with(20));
  await_disk(f, true);
  directory_request operators;
  operators.by.is_operator = true;
  operators.command = create_account{
      body_of({{"account_id", std::string{"third"}}, {"name", std::string{"third"}}}), false};
  check_refused(f.ask<directory_reply>(f.running->directory(), operators), errc::storage_full);
  BOOST_TEST(f.command("acme", attribution::delete_passthrough_referrer{1}).has_value());
  f.memory->set_disk(disk_with(10));
  std::this_thread::sleep_for(std::chrono::milliseconds{1'500});
  const auto removal = f.command("acme", attribution::delete_passthrough_referrer{2});
  check_refused(removal, errc::storage_full);
  BOOST_TEST((removal.error().message.find("removals are refused, too") != std::string::npos));
  BOOST_TEST(f.running->parts().status->writable());
}

BOOST_AUTO_TEST_CASE(an_erasure_goes_through_on_a_full_disk_and_beyond_quotas) {
  two_tenants f{with_quota(1 << 30, 1)};
  fill(f, "acme");
  f.memory->set_disk(disk_with(20));
  await_disk(f, true);
  BOOST_TEST(change(f, erase_account{"acme"}).has_value());
  BOOST_TEST(f.running->parts().erasures->contains("acme"));
}

BOOST_AUTO_TEST_SUITE_END()
