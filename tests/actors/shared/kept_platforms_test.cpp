#include "actors/shared/cached_rows.hpp"
#include "actors/shared/kept_platforms.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

struct two_brands : fixture {
  explicit two_brands(const service_settings& settings = small())
      : fixture(std::make_shared<store::memory_log>(), settings) {
    add_account("acme", {brand, brand + 1});
  }

  void add_account(const std::string& id, const std::vector<std::int64_t>& brands) {
    json_list ids;
    for (const auto each : brands)
      ids.items.emplace_back(each);
    change(*this,
           create_account{body_of({{"account_id", id}, {"name", id}, {"brand_ids", ids}}), false})
        .value();
  }

  void put(const std::string& host, const std::string& platform, std::int64_t of = brand,
           const std::string& owner = "acme") {
    change(*this, put_brand_platform{of, owner, host, platform}).value();
  }

  void remove(const std::string& host, std::int64_t of = brand) {
    change(*this, remove_brand_platform{of, "acme", host}).value();
  }

  attribution::ai_platforms_ptr platforms(const std::string& id = "acme") {
    auto loaded = account(id);
    if (auto known = loaded->platforms.get())
      return known;
    find_platforms wanted;
    wanted.loaded = loaded;
    wanted.account_id = id;
    return ask<platforms_reply>(running->lister(), wanted).value();
  }

  std::string platform_of(const std::string& referrer, const std::string& id = "acme") {
    return std::string(platforms(id)->platform_of(referrer).value_or(""));
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(kept_platforms_of_accounts)

BOOST_AUTO_TEST_CASE(an_offer_from_before_a_change_is_refused) {
  kept_platforms kept;
  const auto before = kept.generation();
  const auto old =
      std::make_shared<const referrals::account_platforms>(std::vector<referrals::brand_list>{});
  kept.forget();
  kept.offer(old, 3, before);
  BOOST_TEST(!kept.get());
  BOOST_TEST(kept.entries() == 0U);
  kept.offer(old, 5, kept.generation());
  BOOST_TEST(kept.get() == old);
  kept.forget();
  BOOST_TEST(!kept.get());
  BOOST_TEST(kept.entries() == 5U);
}

BOOST_AUTO_TEST_CASE(every_change_is_seen_once_it_is_answered) {
  two_brands f;
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(f.platform_of("ai.example") == "");
    f.put("ai.example", "House");
    BOOST_TEST(f.platform_of("https://www.ai.example/x") == "House");
    f.put("ai.example", "Home");
    BOOST_TEST(f.platform_of("ai.example") == "Home");
    f.put("ai.example", "Second", brand + 1);
    BOOST_TEST(f.platform_of("ai.example") == "Home");
    f.remove("ai.example");
    BOOST_TEST(f.platform_of("ai.example") == "Second");
    f.remove("ai.example", brand + 1);
  }
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_shared_until_it_changes) {
  two_brands f;
  const auto first = f.platforms();
  BOOST_TEST(first == f.platforms());
  BOOST_TEST(first == f.account("acme")->platforms.get());
  f.put("ai.example", "House");
  BOOST_TEST(!f.account("acme")->platforms.get());
  BOOST_TEST(first != f.platforms());
}

BOOST_AUTO_TEST_CASE(brands_of_other_accounts_do_not_count) {
  two_brands f;
  f.add_account("other", {99});
  f.put("ai.example", "House");
  BOOST_TEST(f.platform_of("ai.example", "other") == "");
  const auto kept = f.platforms("other");
  f.put("more.example", "More");
  BOOST_TEST(kept == f.platforms("other")); // a change of one account costs another nothing
  f.put("ai.example", "Theirs", 99, "other");
  BOOST_TEST(f.platform_of("ai.example", "other") == "Theirs");
  BOOST_TEST(f.platform_of("ai.example") == "House");
}

BOOST_AUTO_TEST_CASE(answers_that_hold_many_old_lists_are_called_off) {
  two_brands f;
  for (int i = 0; i < 400; ++i)
    f.put("h" + std::to_string(i) + ".example", "House");
  const auto loaded = f.account("acme");
  std::vector<std::pair<rule_pins::flag, attribution::ai_platforms_ptr>> held;
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(f.platforms());
    held.emplace_back(loaded->pin(), f.platforms());
    f.put("h.example", std::to_string(i));
  }
  const auto old = std::ranges::count_if(held, [](const auto& each) { return each.first->load(); });
  BOOST_TEST(old > 20); // those that are left hold 25,000 entries
  BOOST_TEST(old < 60);
  BOOST_TEST(held.front().first->load());
  BOOST_TEST(!held.back().first->load());
}

BOOST_AUTO_TEST_CASE(a_change_while_the_account_leaves_memory_is_not_missed) {
  auto settings = small();
  settings.passivate_after = std::chrono::milliseconds{1};
  two_brands f{settings};
  for (int i = 0; i < 200; ++i) {
    const auto name = "P" + std::to_string(i);
    f.put("ai.example", name);
    BOOST_REQUIRE(f.platform_of("ai.example") == name);
  }
}

BOOST_AUTO_TEST_CASE(readers_and_writers_together_never_see_what_was_answered_undone) {
  two_brands f;
  f.put("ai.example", "0");
  std::atomic<int> answered = 0;
  std::atomic<bool> is_over = false;
  std::atomic<int> stale = 0;
  std::thread reader([&] {
    while (!is_over) {
      const auto least = answered.load();
      if (std::stoi(f.platform_of("ai.example")) < least)
        ++stale;
    }
  });
  for (int i = 1; i <= 300; ++i) {
    f.put("ai.example", std::to_string(i));
    answered = i;
  }
  is_over = true;
  reader.join();
  BOOST_TEST(stale == 0);
}

BOOST_AUTO_TEST_SUITE_END()
