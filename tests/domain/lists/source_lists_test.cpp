#include "domain/hosts/shipped_suffixes.hpp"
#include "domain/lists/source_lists.hpp"
#include "tests/domain/lists/plain_scan.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

using namespace headwater;
using namespace headwater::attribution;
using headwater::testing::plain_scan;

namespace {

const source_lists& shipped() {
  return *source_lists::shipped();
}

std::string name_of(std::string_view host, host_kind kind = host_kind::domain) {
  const auto* found = shipped().of_host(host, kind);
  return found ? std::string(found->name) : "none";
}

std::string said_of(std::string_view host, host_kind kind = host_kind::domain) {
  const auto* found = shipped().of_host(host, kind);
  return found ? std::string(to_string(found->kind)) + " " + std::string(found->source) : "none";
}

std::string named(std::string_view utm_source) {
  const auto* found = shipped().of_source(utm_source);
  return found ? std::string(found->name) : "none";
}

std::string refusal(std::string_view file, std::string_view text,
                    std::string_view today = "2026-11-24", std::string_view day = "2026-11-01") {
  const list_file files[] = {{file, text, {}, day}};
  const auto read = source_lists::read(files, today);
  return read ? "none" : read.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lists)

BOOST_AUTO_TEST_CASE(an_ending_stands_for_countries) {
  for (const auto* host : {"google.de", "google.com", "www.google.co.uk", "google.com.br",
                           "google.co.jp", "www.google.it.ao", "images.google.fr", "google.ck"})
    BOOST_TEST(name_of(host) == "Google", host);
  for (const auto* host :
       {"google.com.evil.test", "notgoogle.com", "google.de.evil.io", "google.com.de", "google",
        "google.test", "com", "de", "co.uk", "google.co.de", "google.evil.com", "agoogle.co.uk"})
    BOOST_TEST(name_of(host) == "none", host);
}

BOOST_AUTO_TEST_CASE(hosts_have_the_source_that_analysts_expect) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"www.google.com", "search google"},
      {"news.google.com", "search google"},
      {"images.google.de", "search google"},
      {"www.bing.com", "search bing"},
      {"cn.bing.com", "search bing"},
      {"duckduckgo.com", "search duckduckgo"},
      {"de.search.yahoo.com", "search yahoo"},
      {"search.yahoo.co.jp", "search yahoo"},
      {"yandex.ru", "search yandex"},
      {"yandex.com.tr", "search yandex"},
      {"www.baidu.com", "search baidu"},
      {"www.ecosia.org", "search ecosia"},
      {"qwant.com", "search qwant"},
      {"www.startpage.com", "search startpage"},
      {"search.naver.com", "search naver"},
      {"search.seznam.cz", "search seznam"},
      {"search.brave.com", "search brave"},
      {"kagi.com", "search kagi"},
      {"mail.google.com", "email gmail"},
      {"eur01.safelinks.protection.outlook.com", "email outlook"},
      {"outlook.live.com", "email outlook"},
      {"mail.yahoo.com", "email yahoo mail"},
      {"mail.yandex.ru", "email yandex mail"},
      {"e.mail.ru", "email mail.ru mail"},
      {"go.mail.ru", "search mail.ru"},
      {"urldefense.com", "email proofpoint"},
      {"www.facebook.com", "social facebook"},
      {"m.facebook.com", "social facebook"},
      {"l.facebook.com", "social facebook"},
      {"lm.facebook.com", "social facebook"},
      {"fb.me", "social facebook"},
      {"l.instagram.com", "social instagram"},
      {"t.co", "social x"},
      {"twitter.com", "social x"},
      {"x.com", "social x"},
      {"lnkd.in", "social linkedin"},
      {"www.linkedin.com", "social linkedin"},
      {"old.reddit.com", "social reddit"},
      {"redd.it", "social reddit"},
      {"pin.it", "social pinterest"},
      {"www.pinterest.co.uk", "social pinterest"},
      {"www.tiktok.com", "social tiktok"},
      {"bsky.app", "social bluesky"},
      {"www.youtube.com", "video youtube"},
      {"youtu.be", "video youtube"},
      {"vimeo.com", "video vimeo"},
      {"www.amazon.co.jp", "shopping amazon"},
      {"amazon.de", "shopping amazon"},
      {"www.ebay.co.uk", "shopping ebay"},
      {"www.etsy.com", "shopping etsy"},
      {"shopping.google.com", "shopping google shopping"},
      {"wa.me", "messenger whatsapp"},
      {"web.telegram.org", "messenger telegram"},
      {"t.me", "messenger telegram"},
      // What is none of it.
      {"pay.amazon.com", "none"},
      {"sellercentral.amazon.de", "none"},
      {"aws.amazon.com", "none"},
      {"s3.amazonaws.com", "none"},
      {"docs.google.com", "none"},
      {"accounts.google.com", "none"},
      {"gemini.google.com", "none"},
      {"login.live.com", "none"},
      {"web.de", "none"},
      {"www.msn.com", "none"},
      {"www.aol.com", "none"},
      {"www.cnn.com", "none"},
      {"chatgpt.com", "none"},
      {"www.perplexity.ai", "none"},
      {"example.com", "none"},
      {"microsoft.com", "none"},
  };
  for (const auto& [host, expected] : cases)
    BOOST_TEST(said_of(host) == expected, host << ": " << said_of(host));
}

BOOST_AUTO_TEST_CASE(apps_are_known_by_their_packages) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"com.google.android.googlequicksearchbox", "Google"},
      {"com.google.android.gm", "Gmail"},
      {"com.facebook.katana", "Facebook"},
      {"com.instagram.android", "Instagram"},
      {"com.zhiliaoapp.musically", "TikTok"},
      {"com.reddit.frontpage", "Reddit"},
      {"com.linkedin.android", "LinkedIn"},
      {"com.google.android.youtube", "YouTube"},
      {"com.pinterest", "Pinterest"},
      {"com.slack", "Slack"},
      {"com.whatsapp", "WhatsApp"},
      {"org.telegram.messenger", "Telegram"},
      {"com.twitter.android", "X"},
      {"com.example", "none"},
      {"google.com", "none"},
  };
  for (const auto& [package, expected] : cases)
    BOOST_TEST(name_of(package, host_kind::android_app) == expected, package);
  BOOST_TEST(name_of("544007664", host_kind::ios_app) == "YouTube");
  BOOST_TEST(name_of("544007664", host_kind::android_app) == "none");
  BOOST_TEST(name_of("com.google.android.gm") == "Gmail");
  BOOST_TEST(name_of("192.0.2.1", host_kind::ip_address) == "none");
}

BOOST_AUTO_TEST_CASE(a_utm_source_is_a_name_an_alias_or_a_host) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"google", "Google"},
      {"Google", "Google"},
      {" adwords ", "Google"},
      {"google.com", "Google"},
      {"www.google.de", "Google"},
      {"googleads", "Google"},
      {"fb", "Facebook"},
      {"FB", "Facebook"},
      {"m.facebook.com", "Facebook"},
      {"ig", "Instagram"},
      {"twitter", "X"},
      {"tw", "X"},
      {"li", "LinkedIn"},
      {"yt", "YouTube"},
      {"yahoo", "Yahoo"},
      {"yahoo mail", "Yahoo Mail"},
      {"gmail", "Gmail"},
      {"amazon", "Amazon"},
      {"bing", "Bing"},
      {"tiktok", "TikTok"},
      {"youtube", "YouTube"},
      {"com.google.android.gm", "Gmail"},
      {"", "none"},
      {"shop", "none"},
      {"line", "none"},
      {"target", "none"},
      {"newsletter", "none"},
      {"free", "none"},
      {"docs.google.com", "none"},
      {"(direct)", "none"},
      {"google.com.evil.test", "none"},
  };
  for (const auto& [source, expected] : cases)
    BOOST_TEST(named(source) == expected, source << ": " << named(source));
  BOOST_TEST(named(std::string(1'000'000, 'a') + ".com") == "none");
}

BOOST_AUTO_TEST_CASE(spam_covers_what_is_below_it) {
  BOOST_TEST(shipped().is_spam("1-99seo.com"));
  BOOST_TEST(shipped().is_spam("www.1-99seo.com"));
  BOOST_TEST(!shipped().is_spam("x1-99seo.com"));
  BOOST_TEST(shipped().is_spam("qiwi.xyz"));
  BOOST_TEST(shipped().spam_entry("a.1-99seo.com") == "1-99seo.com");
  BOOST_TEST(!shipped().is_spam("google.com"));
  // The list has a public suffix, below which there are many innocent sites.
  BOOST_TEST(shipped().is_spam("kharkov.ua"));
  BOOST_TEST(!shipped().is_spam("shop.kharkov.ua"));
  // Nothing that another list knows is spam, but for two engines of adware, which Matomo has on
  // both of its lists.
  const plain_scan plain;
  for (const auto& each : plain.lines())
    if (each.text == "search.fbdownloader.com" || each.text == "search.iminent.com")
      BOOST_TEST(shipped().is_spam(each.text), each.entry);
    else if (!each.is_app)
      BOOST_TEST(!shipped().is_spam(plain_scan::filled(each.text, "com", "de")), each.entry);
}

BOOST_AUTO_TEST_CASE(every_entry_is_found_and_what_looks_like_it_is_not) {
  const plain_scan plain;
  BOOST_TEST(plain.lines().size() > 1'200U);
  for (const auto& each : plain.lines()) {
    if (each.is_app) {
      BOOST_TEST(name_of(each.text, each.is_ios ? host_kind::ios_app : host_kind::android_app) ==
                     each.name,
                 each.entry);
      continue;
    }
    for (const auto* ending : {"com", "de", "co.uk", "com.br"}) {
      const auto host = plain_scan::filled(each.text, ending, "fr");
      for (const auto& tried : {host, "www." + host, "a.b." + host, "not" + host,
                                host + ".evil.test", host + ".evil.io", "evil.test." + host}) {
        const auto expected = plain.of_host(tried);
        BOOST_REQUIRE_MESSAGE(name_of(tried) == (expected.empty() ? "none" : expected),
                              each.entry << ": " << tried << " is " << name_of(tried) << " and not "
                                         << expected);
      }
      const auto* found = shipped().of_host("not" + host, host_kind::domain);
      BOOST_TEST((!found || found->entry != each.entry), each.entry);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_host_is_found_as_by_a_scan_of_the_lists) {
  const char* given = std::getenv("HEADWATER_SEED");
  const auto seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::mt19937_64 random(seed);
  const plain_scan plain;
  const auto one_of = [&](const auto& list) { return list[random() % std::size(list)]; };
  const std::string_view endings[] = {"com",    "de",     "co.uk", "com.br", "it.ao", "org",
                                      "com.de", "co.de",  "ck",    "co.ck",  "io",    "google",
                                      "uk",     "net.au", "test",  "zz",     "it",    "edu.pl"};
  const std::string_view before[] = {"",           "",   "www.", "m.", "de.",
                                     "fr.images.", "x.", "not",  "a-", "images.fr."};
  const std::string_view after[] = {"",          "",    "",     "",      ".evil.test",
                                    ".evil.com", ".de", ".com", ".co.uk"};
  for (int round = 0; round < 100'000; ++round) {
    const auto& line = plain.lines()[random() % plain.lines().size()];
    auto host = std::string(one_of(before)) +
                plain_scan::filled(line.text, one_of(endings), random() % 2 ? "fr" : "xyz") +
                std::string(one_of(after));
    if (random() % 8 == 0)
      host.erase(0, host.find('.') + 1);
    if (random() % 8 == 0)
      host.erase(random() % host.size(), 1);
    if (host.empty() || host.front() == '.' || host.back() == '.' || host.find("..") != host.npos)
      continue;
    const auto expected = plain.of_host(host);
    BOOST_REQUIRE_MESSAGE(name_of(host) == (expected.empty() ? "none" : expected),
                          "HEADWATER_SEED=" << seed << ": " << host << " is " << name_of(host)
                                            << " and not " << expected);
  }
}

BOOST_AUTO_TEST_CASE(click_ids_are_in_order_of_strength) {
  const auto ids = shipped().click_ids();
  BOOST_TEST(ids.size() >= 55U);
  BOOST_TEST(ids.front().parameter == "gclid");
  const auto place = [&](std::string_view of) { return shipped().click_id_of(of) - ids.data(); };
  BOOST_TEST(place("dclid") < place("gad_source"));
  BOOST_TEST(place("rdt_cid") < place("srsltid"));
  BOOST_TEST(shipped().click_id_of("dclid")->medium == "display");
  BOOST_TEST(shipped().click_id_of("srsltid")->medium == "organic");
  BOOST_TEST(shipped().click_id_of("awc")->medium == "affiliate");
  BOOST_TEST(shipped().click_id_of("mc_cid")->medium == "email");
  BOOST_TEST(!shipped().click_id_of("fbclid"));
  BOOST_TEST(!shipped().click_id_of("GCLID"));
  BOOST_TEST(shipped().facebook().source == "facebook");
  // Those of search engines, networks and shops are known by their sources.
  for (const auto& each : ids)
    if (each.medium == "cpc" && each.source != "outbrain" && each.source != "taboola")
      BOOST_TEST(shipped().of_source(each.source), each.source);
}

BOOST_AUTO_TEST_CASE(every_list_has_an_origin_a_date_and_a_licence) {
  std::set<std::string_view> names;
  for (const auto& each : shipped().all()) {
    BOOST_TEST(names.insert(each.name).second, each.name);
    BOOST_TEST(!each.title.empty(), each.name);
    BOOST_TEST(!each.origin.empty(), each.name);
    BOOST_TEST(each.date.size() == 10U, each.name);
    BOOST_TEST(!each.licence.empty(), each.name);
    BOOST_TEST(each.entries > 0U, each.name);
    BOOST_TEST(each.is_shipped);
  }
  BOOST_TEST(names.size() == shipped_list_files().size() - 1); // but origins.yml
  BOOST_TEST(shipped().info("spam")->date == "2026-08-20");
  BOOST_TEST(shipped().info("public-suffixes")->date == "2026-08-19");
  BOOST_TEST(!shipped().info("x"));
}

BOOST_AUTO_TEST_CASE(the_lists_take_less_than_8_mib) {
  std::cout << "lists: " << shipped().bytes() << " bytes\n";
  BOOST_TEST(shipped().bytes() < 8U << 20U);
}

BOOST_AUTO_TEST_CASE(a_file_takes_the_place_of_a_shipped_list) {
  const list_file files[] = {
      {"Socials.yml", "New Network:\n  - new.example\n", "dir/Socials.yml", "2026-11-20"}};
  const auto read = source_lists::read(files, "2026-11-24").value();
  BOOST_TEST(read->of_host("www.new.example", host_kind::domain)->name == "New Network");
  BOOST_TEST(!read->of_host("badoo.com", host_kind::domain));
  BOOST_TEST(read->of_host("google.de", host_kind::domain)->name == "Google");
  BOOST_TEST(read->info("social-networks")->date == "2026-11-20");
  BOOST_TEST(!read->info("social-networks")->is_shipped);
  BOOST_TEST(read->info("search-engines")->is_shipped);
  auto suffixes = "// VERSION: 2026-09-09_01-02-03_UTC\n" + std::string(shipped_suffix_text());
  suffixes.erase(suffixes.find("\nco.uk\n"), 6);
  const list_file dated[] = {
      files[0],
      {"origins.yml", "Socials.yml:\n  source: https://x.example\n  date: 2026-10-01\n"},
      {"public_suffix_list.dat", suffixes}};
  const auto again = source_lists::read(dated, "2026-11-24").value();
  BOOST_TEST(again->info("social-networks")->date == "2026-10-01");
  BOOST_TEST(again->info("social-networks")->origin == "https://x.example");
  BOOST_TEST(again->info("public-suffixes")->date == "2026-09-09");
  BOOST_TEST(!again->suffixes().is_listed_suffix("co.uk"));
}

BOOST_AUTO_TEST_CASE(a_damaged_list_is_refused_with_file_and_line) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"Socials.yml", "", "Socials.yml:1: the list is empty"},
      {"Socials.yml", "# nothing\n", "Socials.yml:1: the list is empty"},
      {"Socials.yml", "A:\n  - a.example\nB:\n", "Socials.yml:3: B has no entries"},
      {"Socials.yml", "A:\nB:\n  - b.example\n", "Socials.yml:1: A has no entries"},
      {"Socials.yml", "  - a.example\n", "Socials.yml:1: cannot be read:   - a.example"},
      {"Socials.yml", "A:\n  a.example\n", "Socials.yml:2: cannot be read:   a.example"},
      {"Socials.yml", "A:\n  - a b.example\n", "Socials.yml:2: not a host: a b.example"},
      {"Socials.yml", "A:\n  - co.uk\n",
       "Socials.yml:2: everybody may have a site below it: co.uk"},
      {"Socials.yml", "A:\n  - \"\"\n", "Socials.yml:2: not a host: "},
      {"Socials.yml", "<html>\n", "Socials.yml:1: cannot be read: <html>"},
      {"SearchEngines.yml", "A:\n  -\n    params:\n      - q\n",
       "SearchEngines.yml:1: A has no urls"},
      {"SearchEngines.yml", "A:\n  - a.example\n",
       "SearchEngines.yml:2: cannot be read:   - a.example"},
      {"SearchEngines.yml", "A:\n  -\n    urls:\n      - a..example\n",
       "SearchEngines.yml:4: not a host: a..example"},
      {"SearchEngines.yml", "A:\n  -\n    urls:\n      - 'a.{}.{}'\n",
       "SearchEngines.yml:4: not a host: a.{}.{}"},
      {"spammers.txt", "a.example\nb c\n", "spammers.txt:2: not a host: b c"},
      {"spammers.txt", "a.example\ncom\n", "spammers.txt:2: not a host: com"},
      {"mail.yml", "A:\n  - {entry: \"a.example\"}\n",
       "mail.yml:2: an entry without entry and since: {entry: \"a.example\"}"},
      {"mail.yml", "A:\n  - a.example\nB:\n  - a.example\n",
       "mail.yml:4: listed before: a.example"},
      {"mail.yml", "A:\n  - a.example/path\n", "mail.yml:2: not a host: a.example/path"},
      {"aliases.yml", "Nobody Knows:\n  - nk\n",
       "aliases.yml:2: an alias of what no list has: Nobody Knows"},
      {"click_ids.yml", "- {id: \"a\", source: \"b\", medium: \"cpc\"}\n",
       "click_ids.yml:1: a click id needs id, source, medium and since"},
      {"click_ids.yml", "- {id: \"a\", source: \"b\", medium: \"cpc\", since: 2026-11-24}\n",
       "click_ids.yml:1: fbclid is missing"},
      {"click_ids.yml", "id: a\n", "click_ids.yml:1: cannot be read: id: a"},
      {"corrections.yml", "- {drop: \"a\", since: 2026-11-24}\n",
       "corrections.yml:1: a correction needs since and why"},
      {"corrections.yml", "- {since: 2026-11-24, why: \"x\"}\n",
       "corrections.yml:1: not a correction that there is"},
      {"public_suffix_list.dat", "com\n<p>\n",
       "public_suffix_list.dat:2: neither a public suffix nor a comment: <p>"},
      {"public_suffix_list.dat", "", "public_suffix_list.dat:1: the list is empty"},
  };
  for (const auto& [file, text, why] : cases)
    BOOST_TEST(refusal(file, text) == why, file << ": " << text << ": " << refusal(file, text));
}

BOOST_AUTO_TEST_CASE(a_part_of_the_public_suffixes_is_refused) {
  const auto whole = std::string(shipped_suffix_text());
  const auto names = std::string("Not\nFound\n"); // of what is no list of them
  for (const auto& text : {names, std::string("com\nco.uk\n"), whole.substr(0, whole.size() / 4)})
    BOOST_TEST(refusal("public_suffix_list.dat", text) != "none");
  BOOST_TEST(refusal("public_suffix_list.dat", names)
                 .starts_with("public_suffix_list.dat:1: has 2 rules, and a whole list"));
  const auto first_section = whole.substr(0, whole.find("// ===BEGIN PRIVATE"));
  BOOST_TEST(refusal("public_suffix_list.dat", first_section) ==
             "public_suffix_list.dat:1: has no section of PRIVATE domains");
  BOOST_TEST(refusal("public_suffix_list.dat", whole) == "none");
}

BOOST_AUTO_TEST_CASE(a_list_of_no_day_or_of_the_future_is_refused) {
  const auto social = "A:\n  - a.example\n";
  BOOST_TEST(refusal("Socials.yml", social) == "none");
  BOOST_TEST(refusal("Socials.yml", social, "2026-11-24", "2026-11-25") ==
             "Socials.yml:1: its date, 2026-11-25, is in the future");
  BOOST_TEST(refusal("Socials.yml", social, "2026-11-24", "") ==
             "Socials.yml:1: its date is not known: name it in origins.yml beside it");
  for (const auto& [date, why] :
       {std::pair{"2026-11-25", "dir/origins.yml:1: the date is in the future"},
        {"2019-02-31", "dir/origins.yml:1: a list needs a date, such as 2026-11-24"},
        {"2026-13-01", "dir/origins.yml:1: a list needs a date, such as 2026-11-24"},
        {"soon", "dir/origins.yml:1: a list needs a date, such as 2026-11-24"}}) {
    const auto origins = "Socials.yml:\n  date: " + std::string(date) + "\n";
    const list_file files[] = {{"Socials.yml", social},
                               {"origins.yml", origins, "dir/origins.yml"}};
    const auto read = source_lists::read(files, "2026-11-24");
    BOOST_TEST((read ? "none" : read.error().message) == why);
  }
}

BOOST_AUTO_TEST_SUITE_END()
