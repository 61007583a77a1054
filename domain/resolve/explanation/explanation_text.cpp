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

struct kind_words {
  std::string_view is;     ///< "is a search engine"
  std::string_view is_not; ///< "is no search engine"
  std::string_view many;   ///< "search engines"
  std::string_view list;   ///< the list that a host is not on
};

kind_words words_for(source_kind kind) {
  switch (kind) {
  case source_kind::search:
    return {"is a search engine", "is no search engine", "search engines", "search-engines"};
  case source_kind::email:
    return {"is a mail host or mail app", "is no mail host or mail app", "mail hosts", "mail"};
  case source_kind::social:
    return {"belongs to a social network", "belongs to no social network", "social networks",
            "social-networks"};
  case source_kind::messenger:
    return {"belongs to a messenger", "belongs to no messenger", "messengers", "messengers"};
  case source_kind::video:
    return {"is a video site", "is no video site", "video sites", "video"};
  case source_kind::shopping:
    return {"is a shopping site", "is no shopping site", "shopping sites", "shopping"};
  }
  return {};
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

std::string explanation_text::list(std::string_view name) const {
  const auto* info = walked_.lists.info(name);
  return info ? std::string(info->title) + " of " + std::string(info->date)
              : "the list of " + std::string(name);
}

bool explanation_text::is_basic() const {
  return walked_.rules.settings().classification == classification::basic;
}

std::string explanation_text::session() const {
  if (!walked_.of.session->empty() || is_basic())
    return "The visit continues its session.";
  return "The visit continues its session, which has no UTM values and so counts as direct.";
}

std::string explanation_text::no_referrer() const {
  if (walked_.spam)
    return "The referrer " + walked_.spam->name + " is on " + list("spam") +
           ", so it counts as none.";
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
  case no_host::other_scheme:
    return "The referrer " + given +
           " is the address of an app or of an extension of the browser and not of a website, so "
           "it counts as none.";
  case no_host::bare_word:
    return "The referrer " + given + " is a word and not an address, so it counts as none.";
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
  if (is_app(walked_.referrer->kind))
    return "The visitor came from the app " + from + ", not from the site of " + page + ".";
  if (!applied)
    return "The visitor came from " + from + ", which is another site than " + page + " by " +
           list("public-suffixes") + ".";
  const auto why = same_site_by_suffix()
                       ? "The visitor was on the same site already: " + from + " and " + page +
                             " belong together by " + list("public-suffixes") + "."
                       : "The visitor was on the same site already: " + from +
                             " is one of the account's own domains.";
  return why + " " +
         (walked_.of.session ? session() : "There is no session, so one starts as direct.");
}

bool explanation_text::same_site_by_suffix() const {
  return attribution::same_site(*walked_.referrer, walked_.page, walked_.lists.suffixes());
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

std::string explanation_text::return_path() const {
  const auto& settings = walked_.rules.settings();
  if (settings.return_paths.empty())
    return {};
  if (const auto* path = return_path_at(settings, walked_.of.url))
    return " The landing page is below the return path " + quoted(*path) +
           ", but the visit has no session to keep.";
  return " The landing page is below none of the account's return paths.";
}

std::string explanation_text::passthrough_session() const {
  if (!walked_.referrer)
    return no_referrer();
  const std::string kept = walked_.of.session && walked_.of.session->empty() && !is_basic()
                               ? ", so the visit keeps its session, which has no UTM values and "
                                 "counts as direct."
                               : ", so the visit keeps the UTM values of its session.";
  if (walked_.covering)
    return covering_text() +
           (walked_.of.session ? kept : ", but the visit has no session to keep.");
  if (!walked_.return_path)
    return no_covering() + return_path();
  return "The visitor came back from " + walked_.referrer->name + " to a page below " +
         quoted(*walked_.return_path) + ", one of the account's return paths" + kept;
}

std::string explanation_text::passthrough_fallback() const {
  if (!walked_.referrer)
    return no_referrer();
  if (!walked_.covering)
    return no_covering();
  if (walked_.of.session) // its step was left out
    return covering_text() + ". Without the session the UTM values of the passthrough referrer "
                             "would be used.";
  return covering_text() +
         ", and there is no session, so the UTM values of the passthrough referrer are used.";
}

std::string explanation_text::explicit_utm(bool applied) const {
  const auto& families = walked_.rules.settings().campaign_parameters;
  const bool is_usual = families.size() == 1 && families.front() == campaign_family::utm;
  const std::string parameters = is_usual ? "UTM parameter" : "campaign parameter";
  if (!applied)
    return "The landing URL has no " + parameters + " with a value.";
  auto text =
      "The landing URL is tagged with " + parameters + "s, and they win over referrer mappings.";
  if (walked_.tags.utm.source.empty() && !walked_.result.utm.source.empty())
    text += " They name no source, so that of the referrer " + walked_.referrer->name +
            " is used, " + shortened(walked_.result.utm.source) + ".";
  if (walked_.result.ai_platform)
    text += " The source is the AI platform " + *walked_.result.ai_platform + ".";
  return text;
}

std::string explanation_text::click_id_text(const attribution::click_id& id) const {
  return "The landing URL carries " + std::string(id.parameter) + ", the click ID of " +
         std::string(id.source) + " by " + list("click-ids") + ".";
}

std::string explanation_text::click_id() const {
  return walked_.tags.click
             ? click_id_text(*walked_.tags.click)
             : "The landing URL has no click ID that counts here by " + list("click-ids") + ".";
}

std::string explanation_text::facebook_click(bool applied) const {
  const auto& id = walked_.lists.facebook();
  if (applied)
    return click_id_text(id);
  const std::string name(id.parameter);
  if (!walked_.tags.has_facebook)
    return "The landing URL has no " + name + ".";
  return "The landing URL carries " + name + ", but the visitor came from " +
         walked_.referrer->name +
         ", which is not Meta's: a link that was copied from Facebook keeps its click ID.";
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
  const auto date = walked_.platforms.list_date();
  const auto of_date = date.empty() ? std::string() : " of " + std::string(date);
  if (!applied)
    return host + " is not on the list of AI platforms" + of_date + ".";
  const auto by = brand ? "brand " + std::to_string(*brand) + "'s own list"
                        : "the list of AI platforms" + of_date;
  return host + " belongs to the AI platform " + *walked_.result.ai_platform + " by " + by + ".";
}

std::string explanation_text::listed() const {
  const auto& known = *walked_.known;
  return walked_.referrer->name + " " + std::string(words_for(known.kind).is) + ", " +
         std::string(known.name) + ", by " + list(known.list) + " (entry " +
         std::string(known.entry) + ").";
}

std::string explanation_text::known_source(source_kind kind, bool applied) const {
  const auto words = words_for(kind);
  if (is_basic())
    return "The account's classification is basic, so " + std::string(words.many) +
           " have no step of their own.";
  if (!walked_.referrer)
    return no_referrer();
  if (applied)
    return listed();
  const auto& host = walked_.referrer->name;
  if (walked_.known) {
    const auto other = words_for(walked_.known->kind);
    return host + " " + std::string(words.is_not) + " here: it " + std::string(other.is) + " by " +
           list(walked_.known->list) + ".";
  }
  const bool is_amended = kind == source_kind::search || kind == source_kind::social;
  return host + " " + std::string(words.is_not) + " by " + list(words.list) +
         (is_amended ? ", with Headwater's additions and exceptions." : ".");
}

std::string explanation_text::referral() const {
  const auto from = "The visitor came from " + walked_.referrer->name + ", another site";
  const auto& gave_up = walked_.result.regex_limit_hits;
  std::string text = from + (walked_.is_alone ? "." : " that no rule speaks of.");
  if (gave_up.size() == 1)
    text = from + ". No rule decided: the regular expression of mapping " +
           number_of(name_rule(walked_.draft, rule_kind<referrer_mapping>::name, gave_up.front())) +
           " was too costly for this host and so did not count.";
  else if (!gave_up.empty())
    text = from + ". No rule decided: the regular expressions of " +
           std::to_string(gave_up.size()) +
           " mappings were too costly for this host and so did not count.";
  return walked_.known ? text + " " + listed() : text;
}

std::string explanation_text::continued() const {
  return walked_.is_alone ? session() : no_referrer() + " " + session();
}

std::string explanation_text::direct() const {
  if (walked_.is_alone)
    return "A visit that no step before this one decides counts as direct.";
  return "Nothing tells where the visitor came from, so the visit counts as direct.";
}

} // namespace headwater::attribution
