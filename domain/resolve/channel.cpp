#include "domain/resolve/channel.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// `words` in lower case.
template <std::size_t Count>
bool is_one_of(std::string_view text, const std::array<std::string_view, Count>& words) {
  return std::ranges::any_of(words, [&](auto word) { return equals_nocase(text, word); });
}

/// Where `word` (lower case) next begins in `text`, in any case; npos for nowhere.
std::size_t find_nocase(std::string_view text, std::string_view word, std::size_t from = 0) {
  for (auto at = from; at + word.size() <= text.size(); ++at)
    if (lower(text[at]) == word[0] && starts_with_nocase(text.substr(at), word))
      return at;
  return text.npos;
}

bool contains_nocase(std::string_view text, std::string_view word) {
  return find_nocase(text, word) != text.npos;
}

bool ends_with_nocase(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && equals_nocase(text.substr(text.size() - word.size()), word);
}

/// The rules that need a paid medium, 3 to 8.
channel paid_channel(const channel_facts& of, bool is_shop) {
  constexpr std::string_view per_thousand = "cpm";
  if (is_shop)
    return channel::paid_shopping;
  if (of.kind == source_kind::search)
    return channel::paid_search;
  if (of.kind == source_kind::social || of.kind == source_kind::messenger)
    return channel::paid_social;
  if (of.kind == source_kind::video)
    return channel::paid_video;
  return equals_nocase(of.medium, per_thousand) ? channel::display : channel::paid_other;
}

bool is_email(std::string_view text) {
  constexpr std::array<std::string_view, 4> words{"email", "e-mail", "e_mail", "e mail"};
  return is_one_of(text, words);
}

bool is_social(std::string_view medium) {
  constexpr std::array<std::string_view, 6> words{"social", "social-network", "social-media",
                                                  "sm",     "social network", "social media"};
  return is_one_of(medium, words);
}

/// What Headwater adds to GA4: tags of AI platforms without a medium, or with that of an older
/// habit, count as well. ChatGPT itself sends nothing but utm_source=chatgpt.com.
bool is_untagged_ai(const channel_facts& of) {
  constexpr std::array<std::string_view, 4> words{"", "referral", "organic", "ai"};
  return of.is_ai && (is_one_of(of.medium, words) || equals_nocase(of.medium, of.ai_medium));
}

/// The rules for media that nobody pays for, 9 to 15.
channel organic_channel(const channel_facts& of, bool is_shop) {
  if (is_untagged_ai(of))
    return channel::ai_assistant;
  if (is_shop)
    return channel::organic_shopping;
  if (of.kind == source_kind::social || of.kind == source_kind::messenger || is_social(of.medium))
    return channel::organic_social;
  if (of.kind == source_kind::video || contains_nocase(of.medium, "video"))
    return channel::organic_video;
  if (equals_nocase(of.medium, "ai-assistant"))
    return channel::ai_assistant;
  if (of.is_mail)
    return channel::email;
  if (of.kind == source_kind::search || equals_nocase(of.medium, "organic"))
    return channel::organic_search;
  if (is_email(of.source) || is_email(of.medium))
    return channel::email;
  return equals_nocase(of.medium, "affiliate") ? channel::affiliates : channel::unassigned;
}

/// Rules 16 to 20.
channel other_channel(const channel_facts& of) {
  constexpr std::array<std::string_view, 3> referral{"referral", "app", "link"};
  if (is_one_of(of.medium, referral))
    return channel::referral;
  if (equals_nocase(of.medium, "audio"))
    return channel::audio;
  if (equals_nocase(of.source, "sms") || equals_nocase(of.medium, "sms"))
    return channel::sms;
  if (ends_with_nocase(of.medium, "push") || contains_nocase(of.medium, "mobile") ||
      contains_nocase(of.medium, "notification") || equals_nocase(of.source, "firebase"))
    return channel::mobile_push;
  return channel::unassigned;
}

} // namespace

std::string_view to_string(channel what) {
  switch (what) {
  case channel::direct:
    return "Direct";
  case channel::cross_network:
    return "Cross-network";
  case channel::paid_shopping:
    return "Paid Shopping";
  case channel::paid_search:
    return "Paid Search";
  case channel::paid_social:
    return "Paid Social";
  case channel::paid_video:
    return "Paid Video";
  case channel::display:
    return "Display";
  case channel::paid_other:
    return "Paid Other";
  case channel::organic_shopping:
    return "Organic Shopping";
  case channel::organic_social:
    return "Organic Social";
  case channel::organic_video:
    return "Organic Video";
  case channel::ai_assistant:
    return "AI Assistant";
  case channel::organic_search:
    return "Organic Search";
  case channel::email:
    return "Email";
  case channel::affiliates:
    return "Affiliates";
  case channel::referral:
    return "Referral";
  case channel::audio:
    return "Audio";
  case channel::sms:
    return "SMS";
  case channel::mobile_push:
    return "Mobile Push Notifications";
  case channel::unassigned:
    return "Unassigned";
  }
  return {};
}

bool is_paid_medium(std::string_view medium) {
  return contains_nocase(medium, "cp") || equals_nocase(medium, "ppc") ||
         equals_nocase(medium, "retargeting") || starts_with_nocase(medium, "paid");
}

bool is_shop_campaign(std::string_view campaign) {
  constexpr std::string_view shop = "shop", rest = "ping";
  for (auto at = find_nocase(campaign, shop); at != campaign.npos;
       at = find_nocase(campaign, shop, at + shop.size())) {
    const char before = at == 0 ? '-' : lower(campaign[at - 1]);
    if (before < 'a' || before > 'z' || before == 'e' ||
        starts_with_nocase(campaign.substr(at + shop.size()), rest))
      return true;
  }
  return false;
}

channel channel_of(const channel_facts& given) {
  constexpr std::array<std::string_view, 2> none{"(none)", "(not set)"};
  constexpr std::array<std::string_view, 4> banners{"display", "banner", "expandable",
                                                    "interstitial"};
  auto of = given;
  of.source = trimmed(of.source);
  of.medium = trimmed(of.medium);
  of.campaign = trimmed(of.campaign);
  if (equals_nocase(of.source, "(direct)") && is_one_of(of.medium, none))
    return channel::direct;
  if (contains_nocase(of.campaign, "cross-network"))
    return channel::cross_network;
  const bool is_shop = of.kind == source_kind::shopping || is_shop_campaign(of.campaign);
  if (is_paid_medium(of.medium))
    return paid_channel(of, is_shop);
  if (is_one_of(of.medium, banners))
    return channel::display;
  const auto organic = organic_channel(of, is_shop);
  return organic == channel::unassigned ? other_channel(of) : organic;
}

} // namespace headwater::attribution
