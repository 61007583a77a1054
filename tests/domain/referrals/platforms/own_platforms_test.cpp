#include "domain/referrals/batch.hpp"
#include "domain/referrals/platforms/own_platforms.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace headwater;
using namespace headwater::referrals;

namespace {

std::string platform_of(std::vector<own_platform> entries, std::string_view raw) {
  const own_platforms own{std::move(entries)};
  return std::string{match_referrer(platform_list::shipped(), own, raw).platform.value_or("")};
}

} // namespace

BOOST_AUTO_TEST_SUITE(platforms_of_one_brand)

BOOST_AUTO_TEST_CASE(an_own_host_covers_itself_and_the_hosts_below_it_in_every_shape) {
  for (std::string_view raw :
       {"ai.example", "AI.Example.", "www.ai.example", "a.b.ai.example / referral",
        "https://ai.example:443/chat?x=1", "https%3A%2F%2Fai.example"})
    BOOST_TEST(platform_of({{"ai.example", "House"}}, raw) == "House", raw);
  for (std::string_view raw : {"notai.example", "ai.example.test", "example", "House", "",
                               "https://example.org/ai.example"})
    BOOST_TEST(platform_of({{"ai.example", "House"}}, raw) == "", raw);
}

BOOST_AUTO_TEST_CASE(what_the_brand_does_not_name_is_decided_by_the_shipped_list) {
  for (std::string_view raw : {"chatgpt.com", "perplexity", "android-app://com.openai.chatgpt/"})
    BOOST_TEST(platform_of({{"ai.example", "House"}}, raw) ==
                   match_referrer(platform_list::shipped(), raw).platform.value_or("?"),
               raw);
}

BOOST_AUTO_TEST_CASE(on_the_same_host_the_brand_wins) {
  BOOST_TEST(platform_of({{"chatgpt.com", "Ours"}}, "https://chatgpt.com/c/1") == "Ours");
  BOOST_TEST(platform_of({{"duck.ai", "Ours"}}, "duck.ai") == "Ours");
  BOOST_TEST(platform_of({{"chatgpt.com", "Ours"}}, "chatgpt") == "ChatGPT");
}

BOOST_AUTO_TEST_CASE(the_longer_host_decides_whosever_it_is) {
  BOOST_TEST(platform_of({{"gpts.chatgpt.com", "Ours"}}, "x.gpts.chatgpt.com") == "Ours");
  BOOST_TEST(platform_of({{"gpts.chatgpt.com", "Ours"}}, "chatgpt.com") == "ChatGPT");
  BOOST_TEST(platform_of({{"google.com", "Ours"}}, "gemini.google.com") == "Gemini");
  BOOST_TEST(platform_of({{"google.com", "Ours"}}, "news.google.com") == "Ours");
}

BOOST_AUTO_TEST_CASE(a_shipped_path_is_longer_than_its_host_and_shorter_than_a_host_below) {
  BOOST_TEST(platform_of({{"x.com", "Ours"}}, "https://x.com/i/grok") == "Grok");
  BOOST_TEST(platform_of({{"x.com", "Ours"}}, "https://x.com/home") == "Ours");
  BOOST_TEST(platform_of({{"pro.x.com", "Ours"}}, "https://pro.x.com/i/grok") == "Ours");
}

BOOST_AUTO_TEST_CASE(a_platforms_name_is_no_word_that_counts) {
  BOOST_TEST(platform_of({{"ai.example", "google"}}, "google") == "");
  BOOST_TEST(platform_of({{"ai.example", "google"}}, "google / cpc") == "");
}

BOOST_AUTO_TEST_CASE(an_internationalised_host_is_found_in_both_forms) {
  BOOST_TEST(platform_of({{"xn--bcher-kva.example", "Bücher"}}, "xn--bcher-kva.example") ==
             "Bücher");
  BOOST_TEST(platform_of({{"xn--bcher-kva.example", "Bücher"}}, "https://www.BÜCHER.example/x") ==
             "Bücher");
  BOOST_TEST(platform_of({{"ai.example", "House"}}, "bücher.example") == "");
}

BOOST_AUTO_TEST_CASE(a_host_is_a_domain_name_and_nothing_else) {
  BOOST_TEST(platform_host("AI.Example").value_or("") == "ai.example");
  BOOST_TEST(platform_host("Bücher.example").value_or("") == "xn--bcher-kva.example");
  for (std::string_view bad :
       {"", "example", "ai.example.", ".example", "a..example", "https://ai.example",
        "ai.example/chat", "ai.example:443", "u@ai.example", "*.example", "127.0.0.1", "[::1]",
        "a b.example", "-a.example", "ai_1.example", "\xff.example", "ai.example?x",
        "ai.example#x"})
    BOOST_TEST(!platform_host(bad), bad);
  BOOST_TEST(!platform_host(std::string(64, 'a') + ".example"));
}

BOOST_AUTO_TEST_CASE(rows_outlive_the_brands_list_with_their_batch) {
  auto text = std::make_shared<const std::string>("ai.example/page");
  row_batch batch;
  batch.text = text;
  batch.rows.push_back(
      {0, std::string_view{*text}.substr(0, 10), std::string_view{*text}.substr(10), {}, {}});
  auto own = std::make_shared<const own_platforms>(
      std::vector<own_platform>{{"ai.example", "A name too long to be kept in place"}});
  auto screened = screen(batch, {}, 0, platform_list::shipped(), own);
  own.reset();
  batch.text.reset();
  text.reset();
  BOOST_REQUIRE(screened.rows.size() == 1U);
  BOOST_TEST(screened.rows[0].platform == "A name too long to be kept in place");
  BOOST_TEST(screened.rows[0].row.raw_page_value == "/page");
}

BOOST_AUTO_TEST_SUITE_END()
