#include "tests/domain/resolve/recorded_visits.hpp"

#include <array>

namespace headwater::attribution::test {
namespace {

using texts = std::string_view;

constexpr texts pages[] = {
    "https://acme.com",
    "https://www.acme.com",
    "http://shop.acme.co.uk",
    "https://acme.github.io",
    "//acme.com",
    "acme.com",
    "https://acme.com:8443",
    "https://user@acme.com",
    "https://xn--bcher-kva.example",
    "http://localhost",
    "http://192.0.2.7",
    "https://ACME.com.",
    "https://acme.vercel.app",
    "https://acme.pages.dev",
    "https://acme.com.au",
};
constexpr texts paths[] = {"",      "/",     "/checkout/thanks", "/a%20b", "/de/index.html",
                           "/x//y", "/a/..", "/%63heckout",      "/shop"};
constexpr texts parameters[] = {
    "utm_source",  "utm_medium", "utm_campaign", "utm_term",  "utm_content", "utm_source",
    "utm_medium",  "utm_id",     "gclid",        "gbraid",    "wbraid",      "msclkid",
    "yclid",       "ttclid",     "twclid",       "li_fat_id", "ScCid",       "rdt_cid",
    "fbclid",      "fbclid",     "fbclid",       "dclid",     "gad_source",  "epik",
    "srsltid",     "irclickid",  "awc",          "mc_cid",    "_kx",         "ref",
    "source",      "mtm_source", "pk_source",    "page",      "q",           "GCLID",
    "utm%5Fsource"};
constexpr texts values[] = {"google",  "newsletter", "cpc",         "email",
                            "organic", "social",     "chatgpt.com", "perplexity",
                            "fb",      "adwords",    "spring+sale", "caf%C3%A9",
                            "%FF",     "a%26b",      "x=y",         "",
                            "1",       "Cj0KCQ",     "IwAR0",       "cross-network"};
constexpr texts own_hosts[] = {"acme.com",        "www.acme.com",   "shop.acme.com",
                               "a.acme.co.uk",    "acme.co.uk",     "acme.github.io",
                               "other.github.io", "foo.vercel.app", "acme.pages.dev",
                               "localhost",       "192.0.2.7",      "acme.com.au"};
constexpr texts rule_hosts[] = {"booking.mirai.com",
                                "eu.booking.mirai.com",
                                "checkout.stripe.com",
                                "stripe.com",
                                "old.pay.example",
                                "www.partner-site.com",
                                "partner-site.com",
                                "news.partner-site.com",
                                "blog.medium.com",
                                "medium.com",
                                "t.co",
                                "microsoft.com",
                                "news.example",
                                "m.news.example",
                                "shop17.deals.example",
                                "deals.example"};
constexpr texts ai_hosts[] = {"chatgpt.com",    "chat.openai.com",   "www.perplexity.ai",
                              "claude.ai",      "gemini.google.com", "x.com/i/grok",
                              "x.com/i/grok/1", "x.com/home",        "copilot.microsoft.com",
                              "bing.com/chat",  "a.chatgpt.com"};
constexpr texts known_hosts[] = {"www.google.com",
                                 "google.de",
                                 "www.google.co.uk",
                                 "duckduckgo.com",
                                 "www.bing.com",
                                 "search.yahoo.com",
                                 "yandex.ru",
                                 "www.baidu.com",
                                 "ecosia.org",
                                 "l.facebook.com",
                                 "m.facebook.com",
                                 "lm.facebook.com",
                                 "www.instagram.com",
                                 "l.instagram.com",
                                 "www.linkedin.com",
                                 "lnkd.in",
                                 "www.reddit.com",
                                 "out.reddit.com",
                                 "www.youtube.com",
                                 "youtu.be",
                                 "vimeo.com",
                                 "www.amazon.de",
                                 "www.ebay.de",
                                 "www.pinterest.com",
                                 "mail.google.com",
                                 "outlook.live.com",
                                 "mail.yahoo.com",
                                 "web.de",
                                 "nam02.safelinks.protection.outlook.com",
                                 "www.tiktok.com",
                                 "web.whatsapp.com",
                                 "t.me",
                                 "google.com.evil.test",
                                 "notgoogle.com",
                                 "semalt.com",
                                 "buttons-for-website.com",
                                 "darodar.com",
                                 "www.blog.example",
                                 "example.org",
                                 "www.www.example.org"};
constexpr texts apps[] = {
    "android-app://com.google.android.gm/",
    "android-app://com.google.android.googlequicksearchbox/https/www.google.com",
    "android-app://com.linkedin.android",
    "android-app://com.anthropic.claude/",
    "ANDROID-APP://org.Telegram.messenger",
    "android-app://com.pinterest",
    "android-app://",
    "android-app://com.acme.shop",
    "ios-app://544007664/vnd.youtube",
    "ios-app://com.acme.app"};
constexpr texts nothings[] = {"",
                              " ",
                              "null",
                              "NULL",
                              "about:blank",
                              "undefined",
                              "-",
                              "none",
                              "N/A",
                              "false",
                              "0",
                              "direct",
                              "(direct)",
                              "(not set)",
                              "chrome-extension://abcdefghijklmnop/",
                              "edge://newtab",
                              "market://details?id=com.acme",
                              "fb://profile/1",
                              "capacitor://localhost",
                              "moz-extension://1-2/",
                              "mailto:a@b.example",
                              "data:text/html,x",
                              "javascript:void(0)",
                              "file:///C:/x.html",
                              "blob:https://acme.com/1",
                              "app://obsidian.md",
                              "https://",
                              "https:",
                              "//",
                              "/page",
                              "?q=1",
                              "intranet",
                              "http://intranet/wiki",
                              "unknown",
                              "not a url",
                              "\xE2\x98\x83",
                              "https://[::1]/",
                              "https://[::",
                              "http://1.2.3",
                              "ftp://files.example/x"};

std::string lower_or_not(std::string text, fixed_random& random) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z' && random.once_in(3))
      c = static_cast<char>(c - 'a' + 'A');
  return text;
}

struct few_entries {
  few_entries() {
    using referrals::entry_kind;
    const auto add = [this](texts platform, entry_kind kind, texts value) {
      entries.push_back({platform, kind, value, nullptr});
    };
    add("ChatGPT", entry_kind::host, "chatgpt.com");
    add("ChatGPT", entry_kind::host, "chat.openai.com");
    add("Perplexity", entry_kind::host, "perplexity.ai");
    add("Perplexity", entry_kind::token, "perplexity");
    add("Claude", entry_kind::host, "claude.ai");
    add("Claude", entry_kind::android_package, "com.anthropic.claude");
    add("Gemini", entry_kind::host, "gemini.google.com");
    add("Grok", entry_kind::host_path, "x.com/i/grok");
    add("Copilot", entry_kind::host, "copilot.microsoft.com");
    add("Copilot", entry_kind::host_path, "bing.com/chat");
  }
  std::vector<referrals::platform_entry> entries;
};

} // namespace

account recorded_account() {
  account one;
  for (texts json : {
           R"({"domain":"booking.mirai.com","utm_source":"mirai","utm_campaign":"fallback"})",
           R"({"domain":"stripe.com","utm_source":"stripe"})",
           R"({"domain":"checkout.stripe.com","utm_source":"stripe-checkout","utm_medium":"pay"})",
           R"({"domain":"pay.example","utm_source":"pay","is_active":false})",
       })
    BOOST_REQUIRE(one.add_passthrough(json));
  for (texts json : {
           R"({"referrer_pattern":"partner-site.com","utm_source":"partner","priority":100})",
           R"({"referrer_pattern":"medium.com","match_type":"contains","utm_source":"Medium",
               "utm_medium":"blog"})",
           R"({"referrer_pattern":"t.co","match_type":"regex","utm_source":"twitter",
               "priority":5})",
           R"({"referrer_pattern":"^shop[0-9]+\\.","match_type":"regex","utm_source":"shops",
               "utm_content":"c"})",
           R"({"referrer_pattern":"m.","match_type":"starts_with","utm_source":"mobile"})",
           R"({"referrer_pattern":".deals.example","match_type":"ends_with","utm_source":"deals",
               "utm_campaign":"k","utm_term":"t"})",
           R"({"referrer_pattern":"claude","match_type":"contains","utm_source":"claude",
               "utm_medium":"partner"})",
           R"({"referrer_pattern":"news.example","utm_source":"news","is_active":false})",
           R"({"referrer_pattern":"com.pinterest","utm_source":"pinterest-app"})",
       })
    BOOST_REQUIRE_MESSAGE(one.add_mapping(json), json);
  return one;
}

const ai_platforms& recorded_platforms() {
  static const few_entries few;
  static const referrals::platform_list list("recorded", few.entries);
  static const referrals::allow_list platforms(list);
  return platforms;
}

std::string visit_recorder::value() {
  if (random_.once_in(6))
    return std::to_string(random_.below(100'000));
  return std::string(random_.pick(values));
}

std::string visit_recorder::query() {
  if (random_.once_in(3))
    return {};
  std::string out;
  const auto count = 1 + random_.below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    out += i == 0 ? '?' : '&';
    out += random_.pick(parameters);
    if (random_.once_in(20))
      continue;
    out += '=';
    out += value();
  }
  return out;
}

std::string visit_recorder::url() {
  auto out =
      random_.once_in(40) ? std::string(random_.pick(nothings)) : std::string(random_.pick(pages));
  if (random_.once_in(4))
    out = "https://acme.com";
  out += random_.pick(paths);
  out += query();
  if (random_.once_in(10))
    out += "#part?utm_source=none";
  return out;
}

std::string visit_recorder::host() {
  switch (random_.below(8)) {
  case 0:
    return std::string(random_.pick(own_hosts));
  case 1:
    return std::string(random_.pick(rule_hosts));
  case 2:
    return std::string(random_.pick(ai_hosts));
  case 3: {
    // A host that no list knows.
    std::string made;
    const auto labels = 1 + random_.below(4);
    for (std::uint64_t i = 0; i < labels; ++i) {
      const auto length = 1 + random_.below(12);
      for (std::uint64_t j = 0; j < length; ++j)
        made += static_cast<char>('a' + random_.below(26));
      made += '.';
    }
    constexpr texts endings[] = {"com", "example", "co.uk", "de", "xn--p1ai", "test", "b\xC3\xBC"};
    made += random_.pick(endings);
    return made;
  }
  default:
    return std::string(random_.pick(known_hosts));
  }
}

/// The host as trackers and browsers send it.
std::string visit_recorder::dressed(std::string name) {
  constexpr texts schemes[] = {"https://", "https://", "https://", "http://",    "//",
                               "",         "HTTPS://", "https:/",  "https:\\\\", "https:///"};
  if (random_.once_in(5))
    name = lower_or_not(std::move(name), random_);
  if (random_.once_in(25))
    name += '.';
  if (random_.once_in(25))
    name += ":8080";
  if (random_.once_in(40))
    name.insert(0, "user:secret@");
  auto out = std::string(random_.pick(schemes)) + name;
  constexpr texts ends[] = {"", "/", "/", "/", "/search?q=shoes", "/a/b", "?x=1", "#y", "\\z", " "};
  out += random_.pick(ends);
  return out;
}

std::string visit_recorder::referrer() {
  switch (random_.below(12)) {
  case 0:
    return std::string(random_.pick(nothings));
  case 1:
    return std::string(random_.pick(apps));
  default:
    return dressed(host());
  }
}

utm_values visit_recorder::session() {
  utm_values out;
  if (random_.once_in(5))
    return out;
  const auto text = [this](std::uint64_t times) {
    return random_.once_in(times) ? value() : std::string();
  };
  out.source = text(1);
  out.medium = text(2);
  out.campaign = text(3);
  out.term = text(6);
  out.content = text(6);
  if (random_.once_in(8))
    out = {.source = "(direct)", .medium = "(none)", .campaign = {}, .term = {}, .content = {}};
  return out;
}

visit visit_recorder::next() {
  visit made;
  made.url = url();
  if (!random_.once_in(10))
    made.referrer = referrer();
  if (!random_.once_in(2))
    made.session = session();
  return made;
}

} // namespace headwater::attribution::test
