#include "domain/resolve/explanation/explanation_text.hpp"

#include <array>

namespace headwater::attribution {
namespace {

/// How many ids one sentence names; the others are counted.
constexpr std::size_t most_named = 3;

std::string quoted(std::string_view text) {
  return "\"" + shortened(text) + "\"";
}

/// "7", or "0 of the draft" for a new one.
std::string number_of(const rule_reference& rule) {
  if (!rule.draft)
    return std::to_string(rule.id);
  return rule.draft->is_new ? std::to_string(rule.draft->index) + " of the draft"
                            : std::to_string(rule.id) + " as drafted";
}

/// "Referrer mapping 7", "New referrer mapping 0 of the draft"
std::string title_of(const rule_reference& rule) {
  const bool is_new = rule.draft && rule.draft->is_new;
  std::string noun;
  each_rule_kind([&](auto kind) {
    if (rule.kind == kind.name)
      noun = is_new ? "New " + std::string(kind.words) : std::string(kind.title);
  });
  return noun + " " + number_of(rule);
}

std::string_view words_for(match_type type) {
  switch (type) {
  case match_type::exact:
    return "exact";
  case match_type::contains:
    return "contains";
  case match_type::starts_with:
    return "starts with";
  case match_type::ends_with:
    return "ends with";
  case match_type::regex:
    return "regular expression";
  }
  return {};
}

/// One sentence about all mappings with the same fate; nothing if there are none.
std::string group_text(const std::vector<tried_rule>& tried, trial fate,
                       std::string_view before_one, std::string_view before_many,
                       std::string_view one, std::string_view many) {
  std::vector<std::string> named;
  std::size_t count = 0;
  for (const auto& each : tried)
    if (each.outcome == fate && ++count <= most_named)
      named.push_back(number_of(each.rule));
  if (count == 0)
    return {};
  std::string list = named.front();
  for (std::size_t i = 1; i < named.size(); ++i)
    list += (i + 1 == count ? " and " : ", ") + named[i];
  if (count > most_named)
    list += " and " + std::to_string(count - most_named) + " more";
  return " " + std::string(count == 1 ? before_one : before_many) + list + " " +
         std::string(count == 1 ? one : many);
}

std::string others_text(const std::vector<tried_rule>& tried) {
  constexpr std::string_view one = "Mapping ";
  constexpr std::string_view many = "Mappings ";
  return group_text(tried, trial::same_priority_later, one, many,
                    "matches too and has the same priority, but a higher id.",
                    "match too and have the same priority, but higher ids.") +
         group_text(tried, trial::lower_priority, one, many,
                    "matches too, but has a lower priority.",
                    "match too, but have a lower priority.") +
         group_text(tried, trial::gave_up, "The regular expression of mapping ",
                    "The regular expressions of mappings ",
                    "was too costly for this host and counted as no match.",
                    "were too costly for this host and counted as no match.") +
         group_text(tried, trial::not_run, one, many,
                    "was not tried, because the others had used up what a visit may cost.",
                    "were not tried, because the others had used up what a visit may cost.");
}

} // namespace

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 200;
  if (text.size() <= longest)
    return std::string(text);
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end; // never within a character
  return std::string(text.substr(0, end)) + "...";
}

std::string click_id_text(const click_id& id) {
  return "The landing URL carries " + std::string(id.parameter) + ", the click ID of " +
         std::string(id.source) + ".";
}

std::string explanation_text::no_referrer() const {
  if (!walked_.of.referrer)
    return "The visit has no referrer.";
  const auto given = quoted(*walked_.of.referrer);
  switch (why_no_host(*walked_.of.referrer)) {
  case no_host::blank:
    return "The referrer is empty, so it counts as none.";
  case no_host::null_text:
    return "The referrer is the word \"null\", which browsers send to hide where a visitor came "
           "from, so it counts as none.";
  case no_host::about_page:
    return "The referrer " + given + " is an empty page of the browser, so it counts as none.";
  case no_host::no_site:
    return "The referrer " + given + " is not the address of a website, so it counts as none.";
  case no_host::unreadable:
    return "The referrer " + given + " cannot be read as a web address, so it counts as none.";
  }
  return {};
}

std::string explanation_text::same_site(bool applied) const {
  if (!walked_.referrer)
    return no_referrer();
  const auto& from = walked_.referrer->name;
  const auto& page = walked_.page.name;
  if (walked_.referrer->kind == host_kind::android_app)
    return "The visitor came from the app " + from + ", not from the site of " + page + ".";
  if (!applied)
    return "The visitor came from " + from + ", which is another site than " + page + ".";
  return "The visitor was on the same site already: " + from + " and " + page +
         " belong together." +
         (walked_.of.session ? " The visit continues its session."
                             : " There is no session, so one starts as direct.");
}

std::string explanation_text::covering_text() const {
  const auto named =
      name_rule(walked_.draft, rule_kind<passthrough_referrer>::name, walked_.covering->id);
  const auto& domain = walked_.covering->domain;
  const auto& host = walked_.referrer->name;
  return title_of(named) + " covers " + domain + (host == domain ? "" : " and so " + host);
}

std::string explanation_text::no_covering() const {
  if (walked_.rules.active_passthrough_referrers() == 0)
    return "There is no active passthrough referrer.";
  return "No active passthrough referrer covers " + walked_.referrer->name + ".";
}

std::string explanation_text::passthrough_session() const {
  if (!walked_.referrer)
    return no_referrer();
  if (!walked_.covering)
    return no_covering();
  return covering_text() + (walked_.of.session
                                ? ", so the visit keeps the UTM values of its session."
                                : ", but the visit has no session to keep.");
}

std::string explanation_text::passthrough_fallback() const {
  if (!walked_.referrer)
    return no_referrer();
  if (!walked_.covering)
    return no_covering();
  return covering_text() +
         ", and there is no session, so the UTM values of the passthrough referrer are used.";
}

std::string explanation_text::explicit_utm(bool applied) const {
  if (!applied)
    return "The landing URL has no UTM parameter with a value.";
  std::string text =
      "The landing URL is tagged with UTM parameters, and they win over referrer mappings.";
  if (walked_.result.ai_platform)
    text += " The source is the AI platform " + *walked_.result.ai_platform + ".";
  return text;
}

std::string explanation_text::mapping(const std::vector<tried_rule>& tried) const {
  const auto& host = walked_.referrer->name;
  if (!walked_.mapping) {
    if (walked_.rules.active_mappings() == 0)
      return "There is no active referrer mapping.";
    return "No active referrer mapping matches " + host + "." + others_text(tried);
  }
  const auto& rule = *walked_.mapping;
  return title_of(name_rule(walked_.draft, rule_kind<referrer_mapping>::name, rule.id)) + " (" +
         std::string(words_for(rule.match_type)) + " " + quoted(rule.referrer_pattern) +
         ", priority " + std::to_string(rule.priority) + ") matches " + host + "." +
         others_text(tried);
}

std::string explanation_text::ai_platform(bool applied, std::optional<std::int64_t> brand) const {
  if (!walked_.referrer)
    return no_referrer();
  const auto& host = walked_.referrer->name;
  if (!applied)
    return host + " is not on the list of AI platforms.";
  const auto list = brand ? ": brand " + std::to_string(*brand) + "'s own list says so." : ".";
  return host + " belongs to the AI platform " + *walked_.result.ai_platform + list;
}

} // namespace headwater::attribution
