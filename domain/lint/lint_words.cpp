#include "domain/lint/lint_words.hpp"

#include "domain/rules/rule_kind.hpp"

namespace headwater::attribution::linting {
namespace {

template <class Rule>
std::string path_of_all() {
  return "/" + std::string(rule_kind<Rule>::path);
}

template <class Rule>
std::string path_of(const Rule& rule) {
  return path_of_all<Rule>() + "/" + std::to_string(rule.id);
}

void write_utm(json_writer& out, const utm_values& utm) {
  out.member("utm_source", utm.source).member("utm_medium", utm.medium);
  out.member("utm_campaign", utm.campaign).member("utm_term", utm.term);
}

template <class Names>
std::string list(const Names& names) {
  constexpr std::size_t most = 3;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    if (i > 0)
      out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  if (names.size() > most)
    out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

} // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t most = 80;
  if (text.size() <= most)
    return "\"" + std::string(text) + "\"";
  auto cut = most;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
    --cut; // never within a character
  return "\"" + std::string(text.substr(0, cut)) + "...\"";
}

std::string name_of(const referrer_mapping& rule) {
  return "mapping " + std::to_string(rule.id) + " (" + std::string(to_string(rule.match_type)) +
         " " + quoted(rule.referrer_pattern) + ")";
}

std::string name_of(const passthrough_referrer& rule) {
  return std::string(rule_kind<passthrough_referrer>::words) + " " + std::to_string(rule.id) +
         " (" + rule.domain + ")";
}

std::string name_of(const ai_platforms& platforms) {
  const auto date = platforms.list_date();
  return "the list of AI platforms" + (date.empty() ? "" : " of " + std::string(date));
}

std::string name_of_list(const source_lists& lists, std::string_view list) {
  const auto* info = lists.info(list);
  return info ? std::string(info->title) + " of " + std::string(info->date)
              : "the list " + std::string(list);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string listed(const std::vector<std::string_view>& names) {
  return list(names);
}

std::string listed(const std::vector<std::string>& names) {
  return list(names);
}

rule_reference reference_to(const referrer_mapping& rule) {
  return {rule_kind<referrer_mapping>::name, rule.id};
}

rule_reference reference_to(const passthrough_referrer& rule) {
  return {rule_kind<passthrough_referrer>::name, rule.id};
}

suggested_change removal(const referrer_mapping& rule) {
  return {"DELETE", path_of(rule), {}};
}

suggested_change removal(const passthrough_referrer& rule) {
  return {"DELETE", path_of(rule), {}};
}

suggested_change new_priority(const referrer_mapping& rule, std::int64_t priority) {
  json_writer body;
  body.begin_object().member("priority", priority).end_object();
  return {"PATCH", path_of(rule), std::move(body).str()};
}

suggested_change new_match_type(const referrer_mapping& rule, match_type type) {
  json_writer body;
  body.begin_object().member("match_type", to_string(type)).end_object();
  return {"PATCH", path_of(rule), std::move(body).str()};
}

suggested_change new_pattern(const referrer_mapping& rule, match_type type,
                             std::string_view pattern) {
  json_writer body;
  body.begin_object().member("referrer_pattern", pattern);
  if (type != rule.match_type)
    body.member("match_type", to_string(type));
  body.end_object();
  return {"PATCH", path_of(rule), std::move(body).str()};
}

suggested_change another(const referrer_mapping& rule, match_type type, std::string_view pattern) {
  json_writer body;
  body.begin_object().member("referrer_pattern", pattern).member("match_type", to_string(type));
  write_utm(body, rule.utm);
  body.member("utm_content", rule.utm.content).member("label", rule.label);
  body.member("description", rule.description).member("priority", rule.priority).end_object();
  return {"POST", path_of_all<referrer_mapping>(), std::move(body).str()};
}

suggested_change new_passthrough(const referrer_mapping& like, std::string_view domain) {
  json_writer body;
  body.begin_object().member("domain", domain);
  write_utm(body, like.utm);
  body.end_object();
  return {"POST", path_of_all<passthrough_referrer>(), std::move(body).str()};
}

} // namespace headwater::attribution::linting
