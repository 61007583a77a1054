#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/referrals/platforms/normaliser.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace headwater::referrals;

namespace {

struct raw_value {
  std::string_view raw;
  std::string_view platform; ///< empty: none
};

const platform_list& shipped = platform_list::shipped();

void check(const raw_value& s) {
  BOOST_TEST_CONTEXT("raw value: " << s.raw) {
    BOOST_TEST(match_referrer(shipped, s.raw).platform.value_or("") == s.platform);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(normaliser)

BOOST_AUTO_TEST_CASE(every_shape_that_tools_emit_is_read) {
  const raw_value samples[] = {
      {"chatgpt.com", "ChatGPT"},
      {"ChatGPT.COM", "ChatGPT"},
      {"www.chatgpt.com", "ChatGPT"},
      {"  chatgpt.com \t", "ChatGPT"},
      {"https://chatgpt.com", "ChatGPT"},
      {"https://chatgpt.com/", "ChatGPT"},
      {"HTTPS://ChatGPT.com/c/123?x=1#y", "ChatGPT"},
      {"//chatgpt.com/", "ChatGPT"},
      {"https://chatgpt.com:443/c", "ChatGPT"},
      {"chatgpt.com:443", "ChatGPT"},
      {"chatgpt.com:", "ChatGPT"},
      {"https://user:secret@chatgpt.com/", "ChatGPT"},
      {"https://chatgpt.com./", "ChatGPT"},
      {"chatgpt.com.", "ChatGPT"},
      {"chatgpt.com/c/1", "ChatGPT"},
      {"chatgpt.com?utm=1", "ChatGPT"},
      {"https%3A%2F%2Fchatgpt.com%2F", "ChatGPT"},
      {"https%3a%2f%2Fwww.perplexity.ai%2fsearch", "Perplexity"},
      {"https://chatgpt%2Ecom/", "ChatGPT"},
      {"chatgpt.com / referral", "ChatGPT"},
      {"chatgpt.com%20%2F%20referral", "ChatGPT"},
      {"chatgpt.com / (not set)", "ChatGPT"},
      {"perplexity / (not set)", "Perplexity"},
      {"Perplexity / referral", "Perplexity"},
      {"perplexity/referral", "Perplexity"},
      {"perplexity", "Perplexity"},
      {"PERPLEXITY", "Perplexity"},
      {" perplexity ", "Perplexity"},
      {"Le Chat", "Le Chat"},
      {"meta ai", "Meta AI"},
      {"android-app://com.openai.chatgpt", "ChatGPT"},
      {"android-app://com.openai.chatgpt/", "ChatGPT"},
      {"Android-App://com.anthropic.claude/https/claude.ai", "Claude"},
      {"android-app://ai.perplexity.app.android", "Perplexity"},
      {"com.openai.chatgpt", "ChatGPT"},
      {"labs.perplexity.ai", "Perplexity"},
      {"chat.openai.com", "ChatGPT"},
      {"gemini.google.com", "Gemini"},
      {"x.com/i/grok", "Grok"},
      {"https://x.com/i/grok/", "Grok"},
      {"https://x.com/i/grok?conversation=1", "Grok"},
      {"https://X.com/I/Grok/share/abc", "Grok"},
      {"https://www.x.com:443/i/grok", "Grok"},
      {"bing.com/chat", "Copilot"},
  };
  for (const auto& s : samples)
    check(s);
}

BOOST_AUTO_TEST_CASE(look_alikes_are_not_ai) {
  const std::string_view samples[] = {
      "notchatgpt.com",
      "chatgpt.com.evil.test",
      "https://example.org/chatgpt.com/",
      "platform.openai.com",
      "openai.com",
      "(direct) / (none)",
      "(not set)",
      "google.com",
      "google / organic",
      "google / chatgpt.com",
      "x.com",
      "https://x.com/",
      "https://x.com/i/grokking",
      "https://x.com/i",
      "https://x.com/other/i/grok",
      "notx.com/i/grok",
      "https://evil.test/?u=chatgpt.com",
      "https://evil.test/?u=https://chatgpt.com/",
      "https://evil.test#chatgpt.com",
      "chatgpt.com@evil.test",
      "https://chatgpt.com@evil.test/",
      "https://chatgpt.com:443@evil.test/",
      "https://evil.test\\@chatgpt.com/",
      "https://chatgpt.com\\@evil.test/",
      "https://chatgpt.com%2Fevil/",
      "https://chatgpt.com%40evil.test/",
      "chatgpt.com%40evil.test",
      "https%253A%252F%252Fchatgpt.com",
      "https://chatgpt.com:port/",
      "chatgpt..com",
      ".chatgpt.com",
      "chatgpt.com..",
      "chatgpt_com",
      "chatgpt.co",
      "https://perplexity/",
      "perplexity.evil.test",
      "perplexity-ai",
      "my perplexity",
      "android-app://com.openai.chatgpt.evil",
      "android-app://com.evil/com.openai.chatgpt",
      "android-app://chatgpt.com",
      "https://com.openai.chatgpt/",
      "data:text/html,https://chatgpt.com/",
      "mailto:someone@example.org",
      "[::1]",
      "%",
      "%zz",
      "/",
      "://",
      "@",
      ":",
      "",
      "   ",
      "null",
  };
  for (auto raw : samples)
    check({raw, ""});
}

BOOST_AUTO_TEST_CASE(the_reason_says_what_decided) {
  auto reason = [](std::string_view raw) { return match_referrer(shipped, raw).reason; };
  BOOST_TEST((reason("chatgpt.com") == referrer_reason::host_listed));
  BOOST_TEST((reason("perplexity / x") == referrer_reason::token_listed));
  BOOST_TEST((reason("android-app://com.openai.chatgpt") == referrer_reason::package_listed));
  BOOST_TEST((reason(" ") == referrer_reason::blank));
  BOOST_TEST((reason("(direct) / (none)") == referrer_reason::direct));
  BOOST_TEST((reason("https://a b/") == referrer_reason::unreadable));
  BOOST_TEST((reason("google.com") == referrer_reason::not_listed));
  std::set<std::string_view> texts;
  for (auto value = 1; value <= static_cast<int>(referrer_reason::not_listed); ++value)
    texts.insert(to_string(static_cast<referrer_reason>(value)));
  BOOST_TEST(texts.size() == 7U);
  BOOST_TEST(texts.count("") == 0U);
}

BOOST_AUTO_TEST_CASE(a_value_of_any_bytes_and_length_is_answered) {
  for (int c = 0; c < 256; ++c) {
    std::string byte{static_cast<char>(c)};
    bool passes = byte == " " || (c >= '\t' && c <= '\r') || byte == "@";
    BOOST_TEST(match_referrer(shipped, byte + "chatgpt.com").platform.has_value() == passes);
    BOOST_TEST(match_referrer(shipped, "chatgpt" + byte + "evil").platform.has_value() ==
               (byte == "/"));
  }
  BOOST_TEST(!match_referrer(shipped, std::string(100'000, '%')).platform);
  BOOST_TEST(!match_referrer(shipped, "https://" + std::string(100'000, '%') + "/").platform);
  BOOST_TEST(!match_referrer(shipped, std::string(100'000, 'a')).platform);
}

BOOST_AUTO_TEST_CASE(utm_source_is_a_token_or_a_host) {
  const raw_value samples[] = {
      {"chatgpt.com", "ChatGPT"},
      {"ChatGPT", "ChatGPT"},
      {"perplexity", "Perplexity"},
      {" claude.ai ", "Claude"},
      {"www.chatgpt.com", "ChatGPT"},
      {"newsletter", ""},
      {"notchatgpt.com", ""},
      {"chatgpt.com@evil.test", ""},
      {"", ""},
      {"(direct)", ""},
      {"x.com", ""},
      {"chatgpt.com.evil.test", ""},
  };
  for (const auto& s : samples)
    BOOST_TEST_CONTEXT("utm_source: " << s.raw) {
      BOOST_TEST(match_utm_source(shipped, s.raw).platform.value_or("") == s.platform);
    }
}

BOOST_AUTO_TEST_CASE(the_resolver_asks_the_same_list) {
  allow_list list;
  const headwater::attribution::ai_platforms& platforms = list;
  BOOST_TEST(platforms.platform_of("https://chatgpt.com/").value_or("") == "ChatGPT");
  BOOST_TEST(platforms.platform_of_source("perplexity").value_or("") == "Perplexity");
  BOOST_TEST(!platforms.platform_of("https://google.com/"));
  BOOST_TEST(!platforms.platform_of_source("google"));
}

BOOST_AUTO_TEST_CASE(a_source_without_dots_is_a_name_or_a_host_of_one_label) {
  const platform_list list{"test",
                           {{"Own", entry_kind::host, "assistant-of-the-intranet"},
                            {"Other", entry_kind::token, "word"},
                            {"Third", entry_kind::host_path, "paths/ai"}},
                           platform_list::naming::no_token};
  const auto name = match_utm_source(list, " WORD ");
  BOOST_TEST(name.platform.value_or("") == "Other");
  BOOST_TEST((name.reason == referrer_reason::token_listed));
  const auto host = match_utm_source(list, "Assistant-of-the-Intranet");
  BOOST_TEST(host.platform.value_or("") == "Own");
  BOOST_TEST((host.reason == referrer_reason::host_listed));
  for (const auto* text : {"words", "assistant-of-the-intranet2", "paths", "partner-site"})
    BOOST_TEST((match_utm_source(list, text).reason == referrer_reason::not_listed), text);
  for (const auto* text : {"two words", "a/b", "\xc3\xa4"})
    BOOST_TEST((match_utm_source(list, text).reason == referrer_reason::unreadable), text);
}

BOOST_AUTO_TEST_SUITE_END()
