#include "actors/views/platform_history.hpp"
#include "actors/views/projections.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

const auto an_hour_later = std::chrono::steady_clock::now() + std::chrono::hours{1};

struct past : fixture {
  past() { change_brands("acme", {brand}, true); }

  void change_brands(const std::string& id, const std::vector<std::int64_t>& brands,
                     bool is_new = false) {
    json_list ids;
    for (const auto each : brands)
      ids.items.emplace_back(each);
    if (is_new)
      change(*this,
             create_account{body_of({{"account_id", id}, {"name", id}, {"brand_ids", ids}}), false})
          .value();
    else
      change(*this, change_account{id, body_of({{"brand_ids", ids}}), false}).value();
  }

  void put(const std::string& host, const std::string& platform, std::int64_t of = brand,
           const std::string& owner = "acme") {
    change(*this, put_brand_platform{of, owner, host, platform}).value();
  }

  void remove(const std::string& host, std::int64_t of = brand, const std::string& owner = "acme") {
    change(*this, remove_brand_platform{of, owner, host}).value();
  }

  /// The time of the last event; no later event will have it.
  micros mark() {
    const auto time = log->events().end().time;
    while (now() <= time) {
    }
    return time;
  }

  attribution::ai_platforms_ptr then(micros time, const std::string& id = "acme") {
    return history.recall(log->events(), log->tables(), id, time, an_hour_later).value().platforms;
  }

  std::string platform_then(micros time, const std::string& host, const std::string& id = "acme") {
    return std::string(then(time, id)->platform_of(host).value_or(""));
  }

  platform_history history;
};

} // namespace

BOOST_AUTO_TEST_SUITE(platforms_of_the_past)

BOOST_AUTO_TEST_CASE(each_time_has_what_counted_then) {
  past f;
  const auto before = f.mark();
  f.put("ai.example", "House");
  const auto added = f.mark();
  f.put("ai.example", "Home");
  const auto renamed = f.mark();
  f.remove("ai.example");
  const auto removed = f.mark();
  for (int round = 0; round < 2; ++round) { // the second time from what is kept
    BOOST_TEST(f.platform_then(before, "ai.example") == "");
    BOOST_TEST(f.platform_then(added, "ai.example") == "House");
    BOOST_TEST(f.platform_then(renamed, "ai.example") == "Home");
    BOOST_TEST(f.platform_then(removed, "ai.example") == "");
    BOOST_TEST(f.platform_then(0, "ai.example") == "");
    BOOST_TEST(f.platform_then(added, "chatgpt.com") == "ChatGPT");
  }
  BOOST_TEST(f.then(added) == f.then(added));
  BOOST_TEST(f.then(added)->brand_of("ai.example").value() == brand);
  f.put("late.example", "Late");
  BOOST_TEST(f.platform_then(std::numeric_limits<micros>::max(), "late.example") == "Late");
}

BOOST_AUTO_TEST_CASE(a_brand_counts_for_the_account_that_it_belonged_to) {
  past f;
  f.change_brands("other", {}, true);
  f.put("ai.example", "Of acme");
  const auto at_acme = f.mark();
  f.remove("ai.example");
  f.change_brands("acme", {});
  const auto nowhere = f.mark();
  f.change_brands("other", {brand});
  f.put("ai.example", "Of other", brand, "other");
  const auto at_other = f.mark();
  BOOST_TEST(f.platform_then(at_acme, "ai.example", "acme") == "Of acme");
  BOOST_TEST(f.platform_then(at_acme, "ai.example", "other") == "");
  BOOST_TEST(f.platform_then(nowhere, "ai.example", "acme") == "");
  BOOST_TEST(f.platform_then(nowhere, "ai.example", "other") == "");
  BOOST_TEST(f.platform_then(at_other, "ai.example", "acme") == "");
  BOOST_TEST(f.platform_then(at_other, "ai.example", "other") == "Of other");
}

BOOST_AUTO_TEST_CASE(who_has_given_up_is_told_and_the_next_one_goes_on) {
  past f;
  f.put("ai.example", "House");
  for (int i = 0; i < 3'000; ++i)
    f.put("ai.example", std::to_string(i));
  const auto late = std::chrono::steady_clock::now() - std::chrono::seconds{1};
  platform_history history;
  int refused = 0;
  for (;; ++refused) {
    const auto found = history.recall(f.log->events(), f.log->tables(), "acme", f.mark(), late);
    if (found) {
      BOOST_TEST(std::string(found->platforms->platform_of("ai.example").value_or("")) == "2999");
      break;
    }
    BOOST_TEST((found.error().code == errc::service_unavailable));
    BOOST_REQUIRE(refused < 10);
    if (refused == 5)
      break; // its changes are always more than such a caller waits for
  }
  BOOST_TEST(refused > 0);
  BOOST_TEST(f.platform_then(f.mark(), "ai.example") == "2999");
}

BOOST_AUTO_TEST_CASE(any_history_is_recalled_as_it_was) {
  const auto seed = std::random_device{}();
  BOOST_TEST_INFO("seed " << seed);
  std::mt19937 random{seed};
  past f;
  f.change_brands("other", {}, true);
  using state = std::map<std::string, std::string>; // by account and host
  std::map<std::int64_t, std::map<std::string, std::string>> added;
  std::map<std::int64_t, std::string> owner{{brand, "acme"}};
  const std::vector<std::int64_t> brands{brand, brand + 1, brand + 2};
  const std::vector<std::string> accounts{"acme", "other"};
  const std::vector<std::string> hosts{"a.example", "b.a.example", "c.example"};
  const auto owned_by = [&](const std::string& id) {
    std::vector<std::int64_t> out;
    for (const auto& [each, of] : owner)
      if (of == id)
        out.push_back(each);
    return out;
  };
  const auto now_state = [&] {
    state out;
    for (const auto& id : accounts)
      for (const auto& host : hosts)
        for (const auto each : owned_by(id)) // ascending, so the lowest of a host is kept
          if (added[each].contains(host))
            out.emplace(id + " " + host, added[each][host]);
    return out;
  };
  std::vector<std::pair<micros, state>> states;
  for (int step = 0; step < 150; ++step) {
    const auto each = brands[random() % brands.size()];
    const auto host = hosts[random() % hosts.size()];
    const auto id = accounts[random() % accounts.size()];
    if (!owner.contains(each)) {
      auto of = owned_by(id);
      of.push_back(each);
      f.change_brands(id, of);
      owner[each] = id;
    } else if (added[each].empty() && random() % 2 == 0) {
      const auto from = owner[each];
      owner.erase(each);
      f.change_brands(from, owned_by(from));
    } else if (added[each].contains(host) && random() % 2 == 0) {
      f.remove(host, each, owner[each]);
      added[each].erase(host);
    } else {
      added[each][host] = "P" + std::to_string(step);
      f.put(host, added[each][host], each, owner[each]);
    }
    states.emplace_back(f.mark(), now_state());
  }
  for (int i = 0; i < 300; ++i) {
    const auto& [time, then] = states[random() % states.size()];
    const auto id = accounts[random() % accounts.size()];
    const auto found = f.then(time, id);
    for (const auto& host : hosts) {
      const auto entry = then.find(id + " " + host);
      const bool covered = host == "b.a.example" && entry == then.end();
      const auto expected = covered ? then.find(id + " a.example") : entry;
      BOOST_REQUIRE(std::string(found->platform_of(host).value_or("")) ==
                    (expected == then.end() ? "" : expected->second));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_historian_says_which_platforms_counted_at_a_version_or_a_time) {
  past f;
  f.command("acme",
            attribution::create_referrer_mapping{mapping_body("m.example"), false}) // version 1
      .value();
  f.mark();
  f.put("ai.example", "House");
  const auto time = f.mark();
  f.command("acme", attribution::create_referrer_mapping{mapping_body("n.example"), false}).value();
  f.mark();
  f.remove("ai.example");
  recall_rules wanted;
  wanted.account_id = "acme";
  wanted.platforms = true;
  wanted.waits_until = an_hour_later;
  const auto asked = [&](const asked_point& at) {
    wanted.at = at;
    const auto found = f.ask<recall_reply>(f.running->historian(), wanted).value();
    return std::string(found.platforms->platform_of("ai.example").value_or(""));
  };
  BOOST_TEST(asked({{}, "0", 0, 0}) == "");
  BOOST_TEST(asked({{}, "1", 1, 0}) == "");
  BOOST_TEST(asked({{}, "2", 2, 0}) == "House");
  BOOST_TEST(asked({{}, "time", std::nullopt, time}) == "House");
  BOOST_TEST(asked({{}, "time", std::nullopt, std::numeric_limits<micros>::max()}) == "");
  wanted.platforms = false;
  BOOST_TEST(!f.ask<recall_reply>(f.running->historian(), wanted).value().platforms);
}

BOOST_AUTO_TEST_SUITE_END()
