#include "domain/core/text.hpp"
#include "domain/resolve/channel.hpp"
#include "tests/domain/core/random_source.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>
#include <regex>
#include <string>
#include <vector>

using namespace headwater::attribution;
using test::random_source;
using test::setting;

namespace {

std::string_view of(std::string_view source, std::string_view medium,
                    std::string_view campaign = {}) {
  const auto* known = source_lists::shipped()->of_source(source);
  return to_string(channel_of({.source = source,
                               .medium = medium,
                               .campaign = campaign,
                               .kind = known ? std::optional(known->kind) : std::nullopt}));
}

std::string_view of_ai(std::string_view medium, std::string_view campaign = {},
                       std::string_view ai_medium = "ai-assistant") {
  return to_string(channel_of({.source = "chatgpt.com",
                               .medium = medium,
                               .campaign = campaign,
                               .is_ai = true,
                               .ai_medium = ai_medium}));
}

struct vector {
  std::string_view source, medium, campaign, channel;
};

/// Words and pieces of words that the two expressions look for, put together at random.
std::string made_of_pieces(random_source& random) {
  static const std::vector<std::string> pieces{
      "cp",  "c",    "p",    "ppc", "retargeting", "paid", "un",  "shop", "shopping", "ping",
      "e",   "work", " ",    "-",   "_",           "m",    "A",   "Z",    "1",        "S",
      "HOP", "CP",   "ebay", "PA",  "id",          "",     "pai", "sho",  "q4",       "\xC3\xA9"};
  std::string out;
  const auto count = random.below(5);
  for (std::uint64_t i = 0; i < count; ++i)
    out += random.pick(pieces);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(channels)

BOOST_AUTO_TEST_CASE(each_vector_of_the_definitions_is_in_its_channel) {
  const vector vectors[] = {
      {"(direct)", "(none)", "", "Direct"},
      {"google", "cpc", "", "Paid Search"},
      {"google", "cpc", "spring shop", "Paid Shopping"},
      {"google", "organic", "", "Organic Search"},
      {"facebook", "cpm", "", "Paid Social"},
      {"news.example", "cpm", "", "Display"},
      {"partner", "paid_social", "", "Paid Other"},
      {"amazon.com", "referral", "", "Organic Shopping"},
      {"blog.example", "referral", "workshop", "Referral"},
      {"facebook", "referral", "", "Organic Social"},
      {"youtube", "referral", "", "Organic Video"},
      {"chatgpt.com", "ai-assistant", "", "AI Assistant"},
      {"news", "e-mail", "", "Email"},
      {"partner", "affiliate", "", "Affiliates"},
      {"partner", "app", "", "Referral"},
      {"partner", "audio", "", "Audio"},
      {"sms", "", "", "SMS"},
      {"partner", "web-push", "", "Mobile Push Notifications"},
      {"partner", "newsletter", "", "Unassigned"},
      {"partner", "cpc", "q4 cross-network", "Cross-network"},
      {"firebase", "", "", "Mobile Push Notifications"},
      {"tiktok", "cpc", "", "Paid Social"},
      {"linkedin", "cpc", "", "Paid Social"},
      {"snapchat", "cpc", "", "Paid Social"},
      {"reddit", "cpc", "", "Paid Social"},
      {"twitter", "cpc", "", "Paid Social"},
      {"pinterest", "cpc", "", "Paid Social"},
      {"bing", "cpc", "", "Paid Search"},
      {"yandex", "cpc", "", "Paid Search"},
      {"google", "display", "", "Display"},
  };
  for (const auto& each : vectors)
    BOOST_TEST(of(each.source, each.medium, each.campaign) == each.channel,
               each.source << "," << each.medium << "," << each.campaign << " is "
                           << of(each.source, each.medium, each.campaign));
  BOOST_TEST(of_ai("") == "AI Assistant");
}

BOOST_AUTO_TEST_CASE(each_click_id_is_in_the_channel_of_its_medium) {
  for (const auto& each : source_lists::shipped()->click_ids()) {
    const auto channel = of(each.source, each.medium);
    if (each.medium == "cpc")
      BOOST_TEST(channel.starts_with("Paid "), each.parameter << " is " << channel);
    if (each.medium == "display")
      BOOST_TEST(channel == "Display");
    if (each.medium == "affiliate")
      BOOST_TEST(channel == "Affiliates");
    if (each.medium == "email")
      BOOST_TEST(channel == "Email", each.parameter << " is " << channel);
  }
  const auto& facebook = source_lists::shipped()->facebook();
  BOOST_TEST(of(facebook.source, facebook.medium) == "Organic Social");
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_holds_decides) {
  const vector vectors[] = {
      {"(direct)", "(not set)", "shop", "Direct"},
      {"(direct)", "", "", "Unassigned"},
      {"(direct)", "cpc", "", "Paid Other"},
      {"direct", "(none)", "", "Unassigned"},
      {"amazon", "cpc", "cross-network", "Cross-network"},
      {"amazon", "cpm", "", "Paid Shopping"},
      {"youtube", "cpm", "", "Paid Video"},
      {"google", "cpm", "", "Paid Search"},
      {"google", "banner", "", "Display"},
      {"news.example", "expandable", "", "Display"},
      {"news.example", "interstitial", "", "Display"},
      {"facebook", "display", "", "Display"},
      {"partner", "ppc", "", "Paid Other"},
      {"google", "retargeting", "", "Paid Search"},
      {"partner", "unpaid", "", "Unassigned"},
      {"partner", "email", "e-shop", "Organic Shopping"},
      {"google", "organic", "shopping week", "Organic Shopping"},
      {"partner", "sm", "", "Organic Social"},
      {"partner", "social network", "", "Organic Social"},
      {"google", "social-media", "", "Organic Social"},
      {"youtube", "social", "", "Organic Social"},
      {"partner", "in-video", "", "Organic Video"},
      {"google", "ai-assistant", "", "AI Assistant"},
      {"facebook", "ai-assistant", "", "Organic Social"},
      {"google", "email", "", "Organic Search"},
      {"yahoo", "email", "", "Organic Search"},
      {"yahoo mail", "email", "", "Email"},
      {"gmail", "email", "", "Email"},
      {"outlook", "email", "", "Email"},
      {"partner", "organic", "", "Organic Search"},
      {"email", "referral", "", "Email"},
      {"e_mail", "y", "", "Email"},
      {"partner", "e mail", "", "Email"},
      {"partner", "affiliates", "", "Unassigned"},
      {"partner", "link", "", "Referral"},
      {"booking", "passthrough", "", "Unassigned"},
      {"partner", "sms", "", "SMS"},
      {"sms", "referral", "", "Referral"},
      {"partner", "mobile app", "", "Mobile Push Notifications"},
      {"partner", "notifications", "", "Mobile Push Notifications"},
      {"partner", "pushed", "", "Unassigned"},
      {"", "", "", "Unassigned"},
  };
  for (const auto& each : vectors)
    BOOST_TEST(of(each.source, each.medium, each.campaign) == each.channel,
               each.source << "," << each.medium << "," << each.campaign << " is "
                           << of(each.source, each.medium, each.campaign));
}

BOOST_AUTO_TEST_CASE(values_are_read_in_any_case_and_without_blanks_around_them) {
  BOOST_TEST(of(" Google ", "\tCPC ") == "Paid Search");
  BOOST_TEST(of("FACEBOOK", "Social-Network") == "Organic Social");
  BOOST_TEST(of("x", "y", " Cross-NETWORK ") == "Cross-network");
  BOOST_TEST(of("x", "y", "SHOP") == "Organic Shopping");
  BOOST_TEST(of("FireBase", "") == "Mobile Push Notifications");
}

BOOST_AUTO_TEST_CASE(an_ai_platform_counts_with_the_media_that_links_of_theirs_have) {
  for (std::string_view medium : {"", "referral", "organic", "ai", "AI-Assistant", " Referral "})
    BOOST_TEST(of_ai(medium) == "AI Assistant", medium);
  BOOST_TEST(of_ai("", "spring shop") == "AI Assistant"); // before rule 9
  BOOST_TEST(of_ai("llm", "", "llm") == "AI Assistant");
  BOOST_TEST(of_ai("llm") == "Unassigned");
  BOOST_TEST(of_ai("cpc") == "Paid Other");
  BOOST_TEST(of_ai("banner") == "Display");
  BOOST_TEST(of_ai("email") == "Email");
  BOOST_TEST(of_ai("", "cross-network") == "Cross-network");
}

BOOST_AUTO_TEST_CASE(a_visit_from_a_mail_host_is_email_before_it_is_search) {
  BOOST_TEST(to_string(channel_of({.source = "yahoo",
                                   .medium = "email",
                                   .campaign = {},
                                   .kind = source_kind::search,
                                   .is_mail = true})) == "Email");
}

BOOST_AUTO_TEST_CASE(paid_media_and_shops_are_what_the_regular_expressions_say) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  std::cerr << "channels: HEADWATER_SEED=" << seed << '\n';
  random_source random(seed);
  const auto flags = std::regex::ECMAScript | std::regex::icase;
  const std::regex paid("^(.*cp.*|ppc|retargeting|paid.*)$", flags);
  // In lower case first: in any case, [^a-df-z] means another thing to some engines.
  const std::regex shop("^(.*(([^a-df-z]|^)shop|shopping).*)$", std::regex::ECMAScript);
  for (int i = 0; i < 3'000; ++i) {
    const auto text = std::string(headwater::trimmed(made_of_pieces(random)));
    std::string lower;
    for (const char c : text)
      lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    BOOST_TEST(is_paid_medium(text) == std::regex_match(text, paid), text);
    BOOST_TEST(is_shop_campaign(text) == std::regex_match(lower, shop), text);
  }
}

BOOST_AUTO_TEST_CASE(blanks_and_capitals_in_the_commonest_medium_change_no_channel) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  std::cerr << "channels: HEADWATER_SEED=" << seed << '\n';
  random_source random(seed);
  const std::vector<std::string> sources{"",       "(direct)", "(not set)", "email",      "Email",
                                         " email", "sms",      "firebase",  "e mail",     "google",
                                         "epost",  "partner",  "youtube",   "intra.shop", "E-Mail"};
  for (int i = 0; i < 3'000; ++i) {
    const auto source = i % 2 == 0 ? sources[random.below(sources.size())] : made_of_pieces(random);
    const auto campaign = i % 5 == 0 ? made_of_pieces(random) : std::string();
    BOOST_TEST(of(source, "referral", campaign) == of(source, " Referral", campaign),
               source << ", " << campaign << ", seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(values_of_megabytes_take_no_longer_than_reading_them) {
  const std::string media[] = {std::string(4'000'000, 'c'), std::string(4'000'000, ' '),
                               std::string(4'000'000, 's')};
  std::string shops;
  while (shops.size() < 4'000'000)
    shops += "workshop";
  for (const auto& text : media)
    BOOST_TEST(of(text, text, text) == "Unassigned");
  BOOST_TEST(of("partner", "y", shops) == "Unassigned");
  BOOST_TEST(of("partner", "y", shops + " shop") == "Organic Shopping");
}

BOOST_AUTO_TEST_SUITE_END()
