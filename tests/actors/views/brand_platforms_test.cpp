#include "actors/shared/cached_rows.hpp"
#include "actors/views/brand_platforms.hpp"
#include "actors/views/connection_descriptions.hpp"
#include "actors/views/projections.hpp"
#include "store/log/rebuild_projection.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

directory_reply run(fixture& f, directory_command command) {
  directory_request request;
  request.by = {{"1", "request"}, {}};
  request.command = std::move(command);
  return f.ask<directory_reply>(f.running->directory(), std::move(request));
}

struct one_brand : fixture {
  explicit one_brand(
      std::shared_ptr<store::log_engine> over = std::make_shared<store::memory_log>())
      : fixture(std::move(over), small()) {
    run(*this, create_account{body_of({{"account_id", std::string{"acme"}},
                                       {"name", std::string{"acme"}},
                                       {"brand_ids", json_list{{brand}}}}),
                              false})
        .value();
  }
};

directory_reply put(fixture& f, const std::string& host, const std::string& platform) {
  return run(f, put_brand_platform{brand, "acme", host, platform});
}

directory_reply remove(fixture& f, const std::string& host) {
  return run(f, remove_brand_platform{brand, "acme", host});
}

const changed_platform& changed(const directory_reply& reply) {
  return std::get<changed_platform>(reply.value().value);
}

connection_ptr enrolled(fixture& f) {
  connection_request request;
  request.by = {{"1", "request"}, {}};
  request.command = register_connection{brand, "acme", {"acme.test", referrals::provider::custom}};
  auto reply = f.ask<connection_reply>(f.running->connections(), std::move(request));
  return std::make_shared<const referrals::connection>(reply.value().connection);
}

std::int64_t accepted(fixture& f, const connection_ptr& to, const std::string& referrer) {
  push_request request;
  request.by = {{"3", "request"}, {}};
  request.connection = to;
  request.body = std::make_shared<const std::string>(
      R"([{"date":"2026-05-20","raw_page_value":"/","raw_referrer_value":")" + referrer + "\"}]");
  auto& owner = f.running->ingest().owner_of(to->identity.id);
  return f.ask<push_reply>(owner, std::move(request)).value().accepted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(platforms_of_brands)

BOOST_AUTO_TEST_CASE(a_put_adds_then_changes_and_the_same_again_appends_nothing) {
  one_brand f;
  auto version = [&] { return f.log->events().version(std::string{system_stream}).value(); };
  auto before = version();
  auto added = put(f, "ai.example", "House");
  BOOST_TEST(changed(added).is_new);
  auto again = put(f, "ai.example", "House");
  BOOST_TEST(!changed(again).is_new);
  BOOST_TEST((changed(again).entry == changed(added).entry));
  BOOST_TEST(version() == before + 1);
  auto renamed = put(f, "ai.example", "Home");
  BOOST_TEST(!changed(renamed).is_new);
  BOOST_TEST(changed(renamed).entry.created_at == changed(added).entry.created_at);
  BOOST_TEST(version() == before + 2);
  BOOST_TEST((read_brand_platforms(f.log->tables(), brand).value() ==
              std::vector{changed(renamed).entry}));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_cannot_be_removed) {
  one_brand f;
  auto unknown = remove(f, "ai.example");
  BOOST_REQUIRE(unknown.has_error());
  BOOST_TEST((unknown.error().code == errc::not_found));
  auto shipped = remove(f, "chatgpt.com");
  BOOST_REQUIRE(shipped.has_error());
  BOOST_TEST(shipped.error().message.find("shipped list") != std::string::npos);
  put(f, "ai.example", "House").value();
  BOOST_TEST(changed(remove(f, "ai.example")).entry.platform == "House");
  BOOST_TEST(read_brand_platforms(f.log->tables(), brand).value().empty());
}

BOOST_AUTO_TEST_CASE(a_brand_of_another_account_is_refused) {
  one_brand f;
  auto foreign = run(f, put_brand_platform{brand, "other", "ai.example", "House"});
  BOOST_REQUIRE(foreign.has_error());
  BOOST_TEST((foreign.error().code == errc::forbidden));
  auto nobodys = run(f, remove_brand_platform{brand + 1, "acme", "ai.example"});
  BOOST_REQUIRE(nobodys.has_error());
  BOOST_TEST((nobodys.error().code == errc::forbidden));
}

BOOST_AUTO_TEST_CASE(a_push_after_the_answer_sees_the_change) {
  one_brand f;
  auto to = enrolled(f);
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(accepted(f, to, "ai.example") == 0);
    put(f, "ai.example", "House").value();
    BOOST_TEST(accepted(f, to, "ai.example") == 1);
    remove(f, "ai.example").value();
  }
}

BOOST_AUTO_TEST_CASE(a_brand_without_entries_costs_one_look_into_the_cache) {
  one_brand f;
  BOOST_TEST(!own_platforms_of(f.running->parts(), brand).value());
  auto cached = f.running->parts().own_platforms->find(brand);
  BOOST_REQUIRE(cached);
  BOOST_TEST(cached->empty());
  put(f, "ai.example", "House").value();
  BOOST_TEST(!f.running->parts().own_platforms->find(brand));
  auto own = own_platforms_of(f.running->parts(), brand).value();
  BOOST_REQUIRE(own);
  BOOST_TEST(own == f.running->parts().own_platforms->find(brand));
}

BOOST_AUTO_TEST_CASE(a_brand_with_entries_stays_with_its_account) {
  one_brand f;
  put(f, "ai.example", "House").value();
  change_account without{"acme", body_of({{"brand_ids", json_list{}}}), false};
  auto refused = run(f, without);
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST((refused.error().code == errc::duplicate_entry));
  remove(f, "ai.example").value();
  BOOST_TEST(run(f, without).has_value());
}

BOOST_AUTO_TEST_CASE(the_rebuilt_directory_equals_the_one_written_live) {
  auto log = std::make_shared<store::memory_log>();
  auto rows_of = [&] {
    std::map<std::string, std::string> out;
    BOOST_REQUIRE(log->scan(store::table::directory, "", "", [&](auto key, auto value) {
      out.emplace(key, value);
      return true;
    }));
    return out;
  };
  {
    one_brand f{log};
    put(f, "a.example", "A").value();
    put(f, "b.example", "B").value();
    put(f, "a.example", "C").value();
    remove(f, "b.example").value();
  }
  auto live = rows_of();
  BOOST_TEST(live.size() == 3U);
  BOOST_REQUIRE(rebuild_projection(log->events(), log->tables(), store::table::directory, project));
  BOOST_TEST((rows_of() == live));
}

BOOST_AUTO_TEST_CASE(batches_are_listed_with_who_pushed_them) {
  one_brand f;
  auto to = enrolled(f);
  accepted(f, to, "chatgpt.com");
  accepted(f, to, "google.com");
  auto page = read_batches(f.log->tables(), {to->identity.id, 0, 10}).value();
  BOOST_TEST(page.total == 2U);
  BOOST_REQUIRE(page.batches.size() == 2U);
  BOOST_TEST(page.batches[0].sequence == 3U);
  BOOST_TEST(page.batches[0].record.rejected == 1U);
  BOOST_TEST(page.batches[1].record.accepted == 1U);
  BOOST_TEST(page.batches[1].record.principal == "3");
  BOOST_TEST(page.batches[1].record.time > 0);
  BOOST_TEST(read_batches(f.log->tables(), {to->identity.id, 1, 1}).value().batches[0].sequence ==
             2U);
  BOOST_TEST((read_batches(f.log->tables(), {"01ARZ3NDEKTSV4RRFFQ69G5FAV", 0, 1}).error().code ==
              errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_connection_is_described_with_what_it_holds) {
  one_brand f;
  auto to = enrolled(f);
  auto described = [&] { return describe_connection(f.log->tables(), to->identity.id).value(); };
  BOOST_TEST(described().rows.rows == 0);
  BOOST_TEST(!described().rows.first);
  accepted(f, to, "chatgpt.com");
  accepted(f, to, "chatgpt.com");
  accepted(f, to, "claude.ai");
  BOOST_TEST(described().rows.rows == 2);
  BOOST_TEST(to_date_string(described().rows.first.value()) == "2026-05-20");
  BOOST_TEST(to_date_string(described().rows.last.value()) == "2026-05-20");
}

BOOST_AUTO_TEST_SUITE_END()
