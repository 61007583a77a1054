#include "domain/referrals/platforms/account_platforms.hpp"
#include "domain/referrals/platforms/allow_list.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

brand_list list_of(std::int64_t brand_id, std::vector<own_platform> entries) {
  return {brand_id, std::make_shared<const own_platforms>(std::move(entries))};
}

std::string platform_of(const attribution::ai_platforms& in, std::string_view raw) {
  return std::string{in.platform_of(raw).value_or("")};
}

std::string source_of(const attribution::ai_platforms& in, std::string_view source) {
  return std::string{in.platform_of_source(source).value_or("")};
}

/// The contract again, host by host: the longest entry, then the lowest brand, then the shipped
/// one.
std::string plain(const std::vector<brand_list>& brands, const std::string& host) {
  std::string_view best;
  std::int64_t best_brand = 0;
  std::string_view platform;
  for (const auto& brand : brands)
    for (const auto& entry : brand.own->list().entries()) {
      const bool covers = host == entry.value || host.ends_with("." + std::string(entry.value));
      const bool closer = entry.value.size() > best.size() ||
                          (entry.value.size() == best.size() && brand.brand_id < best_brand);
      if (covers && (best.empty() || closer)) {
        best = entry.value;
        best_brand = brand.brand_id;
        platform = entry.platform;
      }
    }
  const auto* shipped = platform_list::shipped().find_host(host, {});
  if (shipped && shipped->value.size() > best.size())
    return std::string(shipped->platform);
  return std::string(platform);
}

} // namespace

BOOST_AUTO_TEST_SUITE(platforms_of_an_account)

BOOST_AUTO_TEST_CASE(a_host_is_found_in_every_spelling_that_is_read_as_it) {
  const account_platforms with_own({list_of(7, {{"ai.example", "Seven"}})});
  const allow_list shipped;
  for (const attribution::ai_platforms* in :
       {static_cast<const attribution::ai_platforms*>(&with_own),
        static_cast<const attribution::ai_platforms*>(&shipped)})
    for (const std::string raw :
         {R"(https:\\chatgpt.com)", "https:chatgpt.com", "http:////chatgpt.com/",
          R"(\\chatgpt.com)", R"(https://chatgpt.com\a)", "https://chatgpt.com",
          "https://user@chatgpt.com:8443/x"}) {
      const auto host = attribution::host_of_referrer(raw);
      BOOST_REQUIRE_MESSAGE(host, raw);
      BOOST_TEST(in->platform_at(*host, raw).value_or("") == "ChatGPT", raw);
    }
  const auto own = attribution::host_of_referrer(R"(https://ai.example\x)").value();
  BOOST_TEST(with_own.platform_at(own, R"(https://ai.example\x)").value_or("") == "Seven");
}

BOOST_AUTO_TEST_CASE(the_longest_host_decides_then_the_lowest_brand) {
  // Not in the order of their ids.
  const account_platforms all({list_of(9, {{"ai.example", "Nine"}, {"b.ai.example", "Nine B"}}),
                               list_of(7, {{"ai.example", "Seven"}, {"seven.example", "Only"}})});
  BOOST_TEST(platform_of(all, "https://ai.example/x") == "Seven");
  BOOST_TEST(platform_of(all, "https://a.b.ai.example/x") == "Nine B");
  BOOST_TEST(platform_of(all, "seven.example") == "Only");
  BOOST_TEST(platform_of(all, "example") == "");
  BOOST_TEST(all.brand_of("https://ai.example/x").value() == 7);
  BOOST_TEST(all.brand_of("b.ai.example").value() == 9);
  BOOST_TEST(all.entry_of("a.b.ai.example").value() == "b.ai.example");
  BOOST_TEST(!all.brand_of("other.example"));
  BOOST_TEST(!all.entry_of("other.example"));
}

BOOST_AUTO_TEST_CASE(an_own_host_beats_the_same_shipped_host_but_no_path_of_it) {
  const account_platforms all({list_of(7, {{"chatgpt.com", "Ours"}, {"x.com", "Mine"}})});
  BOOST_TEST(platform_of(all, "https://chatgpt.com/c/1") == "Ours");
  BOOST_TEST(all.brand_of("https://chatgpt.com/c/1").value() == 7);
  BOOST_TEST(platform_of(all, "https://x.com/i/grok/1") == "Grok");
  BOOST_TEST(!all.brand_of("https://x.com/i/grok/1"));
  BOOST_TEST(all.entry_of("https://x.com/i/grok/1").value() == "x.com/i/grok");
  BOOST_TEST(platform_of(all, "https://x.com/home") == "Mine");
  BOOST_TEST(platform_of(all, "claude.ai") == "Claude");
  BOOST_TEST(!all.brand_of("claude.ai"));
  BOOST_TEST(all.entry_of("claude.ai").value() == "claude.ai");
}

BOOST_AUTO_TEST_CASE(a_source_may_be_an_own_host_and_is_no_own_name) {
  const account_platforms all({list_of(7, {{"ai.example", "House"}, {"chatgpt.com", "Ours"}})});
  BOOST_TEST(source_of(all, "AI.example") == "House");
  BOOST_TEST(source_of(all, "www.ai.example.") == "House");
  BOOST_TEST(source_of(all, "chatgpt.com") == "Ours");
  BOOST_TEST(source_of(all, "chatgpt") == "ChatGPT");
  BOOST_TEST(source_of(all, "House") == "");
  BOOST_TEST(source_of(all, "google") == "");
  BOOST_TEST(source_of(all, "") == "");
}

BOOST_AUTO_TEST_CASE(an_account_without_entries_has_the_shipped_list_alone) {
  const auto none = platforms_of({{7, nullptr}, list_of(9, {})});
  BOOST_TEST(dynamic_cast<const allow_list*>(none.get()));
  const auto some = platforms_of({{7, nullptr}, list_of(9, {{"ai.example", "Nine"}})});
  BOOST_TEST(dynamic_cast<const account_platforms*>(some.get()));
  BOOST_TEST(some->brand_of("ai.example").value() == 9);
}

BOOST_AUTO_TEST_CASE(lists_live_as_long_as_what_is_made_of_them) {
  attribution::ai_platforms_ptr made;
  {
    auto list = list_of(7, {{"a-long-enough-name.ai.example", "A name that is long as well"}});
    made = platforms_of({list});
  }
  BOOST_TEST(platform_of(*made, "a-long-enough-name.ai.example") == "A name that is long as well");
}

BOOST_AUTO_TEST_CASE(many_brands_decide_as_a_plain_scan_does) {
  const auto seed = std::random_device{}();
  BOOST_TEST_INFO("seed " << seed);
  std::mt19937 random{seed};
  const std::vector<std::string> labels{"a", "b", "ai", "www"};
  const std::vector<std::string> ends{"example", "example.org",       "chatgpt.com",
                                      "x.com",   "gemini.google.com", "google.com"};
  const auto host = [&] {
    std::string out = ends[random() % ends.size()];
    for (auto count = random() % 3; count > 0; --count)
      out = labels[random() % labels.size()] + "." + out;
    return out;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<brand_list> brands;
    for (std::int64_t brand = 1; brand <= 4; ++brand) {
      std::vector<own_platform> entries;
      for (auto count = random() % 6; count > 0; --count) {
        const auto name = host();
        if (std::ranges::find(entries, name, &own_platform::host) == entries.end())
          entries.push_back({name, "brand " + std::to_string(brand)});
      }
      brands.push_back(list_of(brand, std::move(entries)));
    }
    std::ranges::shuffle(brands, random);
    const account_platforms all(brands);
    for (int each = 0; each < 50; ++each) {
      const auto name = host();
      BOOST_REQUIRE_MESSAGE(platform_of(all, "https://" + name + "/") == plain(brands, name), name);
      BOOST_REQUIRE_MESSAGE(source_of(all, name) == plain(brands, name), name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
