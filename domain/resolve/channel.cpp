#include "domain/resolve/channel.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace headwater::attribution {
namespace {

/// Whether trimmed() might take it off.
constexpr bool may_be_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A value in lower case and without blanks around it. Most are that already; of the others those
/// of up to 64 bytes, which is nearly all, need no allocation.
class plain_value {
public:
  explicit plain_value(std::string_view given) {
    if (!given.empty() && (may_be_blank(given.front()) || may_be_blank(given.back())))
      given = trimmed(given);
    text_ = given;
    if (std::ranges::none_of(given, [](char c) { return c >= 'A' && c <= 'Z'; }))
      return;
    auto* to = few_.data();
    if (given.size() > few_.size()) {
      many_.resize(given.size());
      to = many_.data();
    }
    std::ranges::transform(given, to, lower);
    text_ = {to, given.size()};
  }
  plain_value(const plain_value&) = delete;
  plain_value& operator=(const plain_value&) = delete;

  [[nodiscard]] std::string_view text() const { return text_; }

private:
  std::array<char, 64> few_;
  std::string many_;
  std::string_view text_;
};

template <std::size_t Count>
bool is_one_of(std::string_view text, const std::array<std::string_view, Count>& words) {
  return std::ranges::find(words, text) != words.end();
}

/// For values of few bytes, where a call of memchr would take longer.
bool contains(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at)
    if (text[at] == word.front() && text.substr(at, word.size()) == word)
      return true;
  return false;
}

/// is_paid_medium() of a value in lower case.
bool is_paid(std::string_view medium) {
  return contains(medium, "cp") || medium == "ppc" || medium == "retargeting" ||
         medium.starts_with("paid");
}

/// is_shop_campaign() of a value in lower case.
bool names_a_shop(std::string_view campaign) {
  constexpr std::string_view shop = "shop", rest = "ping";
  for (auto at = campaign.find(shop); at != campaign.npos;
       at = campaign.find(shop, at + shop.size())) {
    const char before = at == 0 ? '-' : campaign[at - 1];
    if (before < 'a' || before > 'z' || before == 'e' ||
        campaign.substr(at + shop.size()).starts_with(rest))
      return true;
  }
  return false;
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
  return of.medium == per_thousand ? channel::display : channel::paid_other;
}

bool is_email(std::string_view text) {
  constexpr std::array<std::string_view, 4> words{"email", "e-mail", "e_mail", "e mail"};
  return text.starts_with('e') && is_one_of(text, words);
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
  if (of.kind == source_kind::video || contains(of.medium, "video"))
    return channel::organic_video;
  if (of.medium == "ai-assistant")
    return channel::ai_assistant;
  if (of.is_mail)
    return channel::email;
  if (of.kind == source_kind::search || of.medium == "organic")
    return channel::organic_search;
  if (is_email(of.source) || is_email(of.medium))
    return channel::email;
  return of.medium == "affiliate" ? channel::affiliates : channel::unassigned;
}

/// Rules 16 to 20.
channel other_channel(const channel_facts& of) {
  constexpr std::array<std::string_view, 3> referral{"referral", "app", "link"};
  if (is_one_of(of.medium, referral))
    return channel::referral;
  if (of.medium == "audio")
    return channel::audio;
  if (of.source == "sms" || of.medium == "sms")
    return channel::sms;
  if (of.medium.ends_with("push") || contains(of.medium, "mobile") ||
      contains(of.medium, "notification") || of.source == "firebase")
    return channel::mobile_push;
  return channel::unassigned;
}

/// Most visits that come by a rule or from a host that no list knows: rule 16 without asking for
/// the others. False leaves it to the rules.
bool is_plain_referral(const channel_facts& of) {
  constexpr std::string_view may_begin_a_named_source = "eE"; // "email"
  return of.medium == "referral" && of.campaign.empty() && !of.kind && !of.is_ai && !of.is_mail &&
         !of.source.empty() && !may_be_blank(of.source.front()) &&
         may_begin_a_named_source.find(of.source.front()) == std::string_view::npos;
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
  return is_paid(plain_value(medium).text());
}

bool is_shop_campaign(std::string_view campaign) {
  return names_a_shop(plain_value(campaign).text());
}

channel channel_of(const channel_facts& given) {
  if (is_plain_referral(given))
    return channel::referral;
  constexpr std::array<std::string_view, 2> none{"(none)", "(not set)"};
  constexpr std::array<std::string_view, 4> banners{"display", "banner", "expandable",
                                                    "interstitial"};
  constexpr std::size_t longest_source = 16; // of those that a rule names
  const plain_value medium(given.medium), campaign(given.campaign);
  const plain_value source(trimmed(given.source).size() > longest_source ? std::string_view()
                                                                         : given.source);
  auto of = given;
  of.source = source.text();
  of.medium = medium.text();
  of.campaign = campaign.text();
  if (of.source == "(direct)" && is_one_of(of.medium, none))
    return channel::direct;
  if (contains(of.campaign, "cross-network"))
    return channel::cross_network;
  const bool is_shop = of.kind == source_kind::shopping || names_a_shop(of.campaign);
  if (is_paid(of.medium))
    return paid_channel(of, is_shop);
  if (is_one_of(of.medium, banners))
    return channel::display;
  const auto organic = organic_channel(of, is_shop);
  return organic == channel::unassigned ? other_channel(of) : organic;
}

} // namespace headwater::attribution
