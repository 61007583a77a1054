#include "actors/views/projections.hpp"
#include "actors/views/time_travel.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <random>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

const auto in_an_hour = std::chrono::steady_clock::now() + std::chrono::hours{1};

asked_point version_point(std::uint64_t version, std::string_view name = "as_of") {
  return {location{"query"} / name, std::to_string(version), version, 0};
}

recall_rules at_version(std::uint64_t version) {
  recall_rules out;
  out.account_id = "acme";
  out.at = version_point(version);
  out.waits_until = in_an_hour;
  return out;
}

recall_rules at_time(micros time) {
  auto out = at_version(0);
  out.at.version.reset();
  out.at.time = time;
  return out;
}

/// States by version, as the account's actor published them.
std::vector<std::string> make_history(fixture& f, int changes) {
  std::vector<std::string> states{attribution::account_rules().canonical()};
  for (int i = 0; i < changes; ++i) {
    if (i % 3 == 2)
      f.command("acme", attribution::delete_referrer_mapping{i / 3 * 2 + 1, {}}).value();
    else
      f.command("acme",
                attribution::create_referrer_mapping{
                    mapping_body("m" + std::to_string(i) + ".example"), false})
          .value();
    states.push_back(f.account("acme")->rules()->canonical());
  }
  return states;
}

recalled_rules recalled(fixture& f, recall_rules wanted) {
  return f.ask<recall_reply>(f.running->historian(), std::move(wanted)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(time_travels)

BOOST_AUTO_TEST_CASE(a_plan_for_chosen_rules_leaves_out_all_others) {
  fixture f;
  make_history(f, 6); // rules 1 and 3 were made at versions 1 and 4, and are gone
  auto wanted = at_version(2);
  wanted.plan_from = f.account("acme")->rules();
  wanted.chosen = attribution::restored_choice{{}, {1}};
  const auto found = recalled(f, wanted);
  BOOST_REQUIRE(found.planned);
  BOOST_TEST(found.planned->referrer_mappings.added.size() == 1U);
  BOOST_TEST(found.planned->referrer_mappings.added[0].rule.id == 1);
  BOOST_TEST(found.planned->referrer_mappings.removed.empty());
  wanted.chosen.reset();
  BOOST_TEST(recalled(f, wanted).planned->referrer_mappings.removed.size() == 1U);
  wanted.chosen = attribution::restored_choice{{1}, {}};
  const auto refused = f.ask<recall_reply>(f.running->historian(), wanted);
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "validation_error");
}

BOOST_AUTO_TEST_CASE(every_version_is_the_state_that_was_current) {
  fixture f;
  const auto states = make_history(f, 30);
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int i = 0; i < 120; ++i) { // more versions than are kept, in any order
    const auto version = random() % states.size();
    auto wanted = at_version(version);
    wanted.compile = random() % 2 == 0;
    const auto found = recalled(f, wanted);
    BOOST_REQUIRE_MESSAGE(found.rules->canonical() == states[version], "seed " << seed);
    BOOST_REQUIRE(found.point.version == version);
    BOOST_REQUIRE(!wanted.compile || found.compiled->version() == version);
  }
}

BOOST_AUTO_TEST_CASE(time_means_all_events_at_or_before_it) {
  fixture f;
  const auto states = make_history(f, 12);
  std::vector<micros> times{0};
  BOOST_REQUIRE(f.log->events().read_stream(account_stream("acme"), 1, [&](const auto& event) {
    times.push_back(event.header.time);
    return result<void>{};
  }));
  for (std::size_t version = 1; version < states.size(); ++version) {
    // Several events may have one time; the last of them counts.
    const auto last = static_cast<std::size_t>(
        std::upper_bound(times.begin(), times.end(), times[version]) - times.begin() - 1);
    const auto found = recalled(f, at_time(times[version]));
    BOOST_TEST(found.point.version == last);
    BOOST_TEST(found.point.time == times[version]);
    BOOST_TEST(found.rules->canonical() == states[last]);
    BOOST_TEST(recalled(f, at_time(times[version] - 1)).point.version < version);
  }
  const auto before = recalled(f, at_time(times[1] - 1));
  BOOST_TEST((before.point == attribution::rules_point{}));
  BOOST_TEST(recalled(f, at_time(std::numeric_limits<micros>::max())).rules->canonical() ==
             states.back());
}

BOOST_AUTO_TEST_CASE(version_that_is_not_there_yet_is_refused_until_it_is) {
  fixture f;
  make_history(f, 2);
  const auto refused = f.ask<recall_reply>(f.running->historian(), at_version(3));
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST((refused.error().code == errc::validation_error));
  BOOST_TEST(refused.error().message == "version 3 is not there yet; the account is at 2");
  BOOST_TEST(to_string(refused.error().faults.at(0).at) == "query.as_of");
  f.command("acme", attribution::delete_referrer_mapping{2, {}}).value();
  BOOST_TEST(recalled(f, at_version(3)).rules->canonical() ==
             f.account("acme")->rules()->canonical());
}

BOOST_AUTO_TEST_CASE(request_that_nobody_waits_for_any_more_is_not_worked_on) {
  fixture f;
  make_history(f, 2);
  auto late = at_version(1);
  late.waits_until = std::chrono::steady_clock::now() - std::chrono::milliseconds{1};
  const auto reply = f.ask<recall_reply>(f.running->historian(), late);
  BOOST_REQUIRE(reply.has_error());
  BOOST_TEST((reply.error().code == errc::service_unavailable));
  compare_rules both{"acme", version_point(0), version_point(1), late.waits_until};
  BOOST_TEST(f.ask<comparison_reply>(f.running->historian(), both).has_error());
}

/// A log whose every event takes a while.
class slow_log final : public store::memory_log {
public:
  result<void> read_stream(const store::stream_name& stream, std::uint64_t from,
                           const store::event_visitor& visit) const override {
    return memory_log::read_stream(stream, from, [&](const store::recorded_event& event) {
      ++seen;
      std::this_thread::sleep_until(std::chrono::steady_clock::now() + each);
      return visit(event);
    });
  }

  std::chrono::milliseconds each{0};
  mutable std::atomic<int> seen = 0;
};

BOOST_AUTO_TEST_CASE(replay_of_few_large_events_looks_at_the_clock_too) {
  auto log = std::make_shared<slow_log>();
  fixture f(log, small());
  auto rows = std::make_shared<attribution::import_rows<attribution::referrer_mapping>>();
  for (int i = 0; i < 2'000; ++i) {
    attribution::referrer_mapping rule;
    rule.referrer_pattern = "m" + std::to_string(i) + ".example";
    rule.utm.source = std::string(200, 's');
    rows->rows.push_back({rule, static_cast<std::size_t>(i + 2), ~std::uint64_t{0}, false});
  }
  for (int i = 0; i < 5; ++i) {
    f.command("acme",
              attribution::import_rules<attribution::referrer_mapping>{
                  rows, attribution::import_mode::replace})
        .value();
    for (auto& row : rows->rows)
      row.rule.utm.source.back() = static_cast<char>('a' + i);
  }
  log->each = std::chrono::milliseconds{20};
  log->seen = 0;
  auto wanted = at_version(5);
  wanted.waits_until = std::chrono::steady_clock::now() + std::chrono::milliseconds{50};
  const auto reply = f.ask<recall_reply>(f.running->historian(), wanted);
  BOOST_REQUIRE(reply.has_error());
  BOOST_TEST((reply.error().code == errc::service_unavailable));
  BOOST_TEST(log->seen.load() < 6); // one to learn the time, and not all five
  // What was replayed is not lost.
  log->each = std::chrono::milliseconds{0};
  wanted.waits_until = in_an_hour;
  BOOST_TEST((recalled(f, wanted).rules->canonical() == f.account("acme")->rules()->canonical()));
}

BOOST_AUTO_TEST_CASE(comparison_names_who_changed_what) {
  fixture f;
  make_history(f, 3);
  compare_rules both{"acme", version_point(1, "from"), version_point(3, "to"), in_an_hour};
  const auto json = f.ask<comparison_reply>(f.running->historian(), both).value().json;
  BOOST_TEST(json.find(R"("removed":[{"id":1,)") != json.npos, json);
  BOOST_TEST(json.find(R"("added":[{"id":2,)") != json.npos, json);
  BOOST_TEST(json.find(R"("by":"1","by_name":null,"at":)") != json.npos, json);
  std::swap(both.from.version, both.to.version);
  const auto refused = f.ask<comparison_reply>(f.running->historian(), both);
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().faults.at(0).at) == "query.from");
}

BOOST_AUTO_TEST_CASE(restored_rules_are_those_of_then_live_and_in_replay) {
  fixture f;
  make_history(f, 9);
  auto wanted = at_version(4);
  wanted.plan_from = f.account("acme")->rules();
  const auto then = recalled(f, wanted);
  const auto reply = f.command("acme", attribution::restore_rules{then.rules, then.point},
                               store::idempotency{"key", sha256({"f"})})
                         .value();
  BOOST_TEST((reply.restored->counts == attribution::counts_of(*then.planned)));
  BOOST_TEST((reply.restored->as_of == then.point));
  BOOST_TEST(reply.restored->version == 10);
  const auto live = f.account("acme")->rules();
  BOOST_TEST((attribution::counts_of(attribution::plan_restore(*live, *then.rules)) ==
              attribution::restore_counts{
                  {attribution::import_mode::replace, 0, 0, 0, 0},
                  {attribution::import_mode::replace, 0, 0, 0,
                   static_cast<std::int64_t>(then.rules->referrer_mappings().total())}}));
  BOOST_TEST(recalled(f, at_version(10)).rules->canonical() == live->canonical());
  // The same again tells the same, from the event.
  const auto again = f.command("acme", attribution::restore_rules{then.rules, then.point},
                               store::idempotency{"key", sha256({"f"})})
                         .value();
  BOOST_TEST(again.replayed);
  BOOST_TEST((again.restored->counts == reply.restored->counts));
  BOOST_TEST((again.restored->as_of == then.point));
  BOOST_TEST(again.restored->version == 10);
  // Nothing to do is no event.
  const auto nothing =
      f.command("acme", attribution::restore_rules{then.rules, then.point}).value();
  BOOST_TEST(nothing.restored->counts.referrer_mappings.added == 0);
  BOOST_TEST(nothing.restored->version == 10);
}

BOOST_AUTO_TEST_CASE(settings_travel_with_the_rules) {
  fixture f;
  make_history(f, 2);
  const auto set = [&](const std::string& medium) {
    f.command("acme", attribution::update_settings{{{{"ai_medium", medium}}, {}}, false, {}})
        .value();
  };
  set("first");
  set("second");
  auto wanted = at_version(3);
  wanted.compile = true;
  wanted.plan_from = f.account("acme")->rules();
  const auto then = recalled(f, wanted);
  BOOST_TEST(then.rules->settings().ai_medium == "first");
  BOOST_TEST(then.compiled->settings().ai_medium == "first");
  BOOST_TEST(attribution::counts_of(*then.planned).attribution);
  compare_rules both{"acme", version_point(2, "from"), version_point(4, "to"), in_an_hour};
  const auto json = f.ask<comparison_reply>(f.running->historian(), both).value().json;
  BOOST_TEST(json.find(R"("attribution":{"changes":{"ai_medium":{"from":"ai-assistant",)"
                       R"("to":"second"}},"by":"1","by_name":null,"at":)") != json.npos,
             json);
  const store::idempotency key{"key", sha256({"f"})};
  for (const bool replayed : {false, true}) {
    const auto reply =
        f.command("acme", attribution::restore_rules{then.rules, then.point}, key).value();
    BOOST_TEST(reply.replayed == replayed);
    BOOST_TEST(reply.restored->counts.attribution);
    BOOST_TEST(reply.restored->version == 5u);
  }
  BOOST_TEST(f.account("acme")->rules()->settings().ai_medium == "first");
  BOOST_TEST(recalled(f, at_version(5)).rules->canonical() ==
             f.account("acme")->rules()->canonical());
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_bounded) {
  recollections past;
  for (std::uint64_t i = 0; i < 20; ++i) {
    auto rules = std::make_shared<attribution::account_rules>();
    past.keep("a" + std::to_string(i), rules);
  }
  int kept = 0;
  for (std::uint64_t i = 0; i < 20; ++i)
    kept += past.find("a" + std::to_string(i), 5) ? 1 : 0;
  BOOST_TEST(kept == 8);
  BOOST_TEST(!past.find("a0", 5));
  BOOST_TEST(past.find("a19", 0));
}

BOOST_AUTO_TEST_SUITE_END()
