// Implements note_lost_platforms() and check_platforms() of lint_context.hpp: AI platforms whose
// visits a rule takes before the list of AI platforms is asked.

#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

#include <algorithm>

namespace headwater::attribution::linting {
namespace {

bool says_the_same(const context& in, const utm_values& given, std::string_view platform) {
  utm_values listed;
  listed.source = platform;
  listed.medium = in.ai_medium;
  return given == listed;
}

/// "gemini.google.com (Gemini)"
std::vector<std::string> named(const std::vector<lost_host>& hosts) {
  std::vector<std::string> out;
  out.reserve(hosts.size());
  for (const auto& each : hosts)
    out.push_back(std::string(each.host) + " (" + std::string(each.platform) + ")");
  return out;
}

/// An exact mapping of a listed host, which is hardly an accident.
void report_exact(context& in, const referrer_mapping& rule, std::string_view platform) {
  const auto name = std::string(platform) + ", medium " + std::string(in.ai_medium);
  if (says_the_same(in, rule.utm, platform))
    return in.out.add(lint_severity::info, lint_code::repeats_ai_platform, [&] {
      lint_finding found;
      found.rules = {reference_to(rule)};
      found.message = capitalised(name_of(rule)) + " says what " + name_of(in.platforms) +
                      " says by itself: " + name + ".";
      found.suggestion = "Delete it: the list is kept up to date without it.";
      found.fix = {removal(rule)};
      return found;
    });
  in.out.add(lint_severity::info, lint_code::overrides_ai_platform, [&] {
    lint_finding found;
    found.rules = {reference_to(rule)};
    found.message = capitalised(name_of(rule)) + " takes visits from " + std::string(platform) +
                    " before " + name_of(in.platforms) +
                    " is asked, so they do not count as AI platform visits.";
    found.suggestion = "Delete it if they are to count as " + name + ".";
    return found;
  });
}

/// Whether a pattern names the platform itself: "chatgpt" or ".openai.com".
bool is_about_a_platform(const context& in, const subject& of) {
  return !of.text.empty() &&
         (in.platforms.platform_of(of.text) || in.platforms.platform_of_source(of.text));
}

void report_pattern(context& in, const subject& of, const std::vector<lost_host>& hosts) {
  const auto severity = is_about_a_platform(in, of) ? lint_severity::info : lint_severity::warning;
  in.out.add(severity, lint_code::overrides_ai_platform, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message = capitalised(name_of(of.rule)) + " takes visits from " + listed(named(hosts)) +
                    " before " + name_of(in.platforms) +
                    " is asked, so they do not count as AI platform visits.";
    found.suggestion = "Name the hosts that are meant, each by an exact pattern; or give these "
                       "mappings of their own with a higher priority and utm_medium " +
                       std::string(in.ai_medium) + ".";
    if (const auto* known = said_by_list(in, of)) {
      found.suggestion = "Delete it: " + name_of_list(in.lists, known->list) + " gives " +
                         of.rule.utm.source + ", medium " + of.rule.utm.medium +
                         ", by itself, and comes after the AI platforms.";
      found.fix = {removal(of.rule)};
    }
    return found;
  });
}

const std::vector<lost_host>* find(const lost_hosts& among, std::int64_t id) {
  const auto found = among.find(id);
  return found == among.end() ? nullptr : &found->second;
}

} // namespace

void note_lost_platforms(context& in, const std::function<bool()>& is_late) {
  in.platforms.each_host([&](std::string_view host, std::string_view platform) {
    if (is_late())
      return;
    if (const auto* rule = in.set.passthrough(host))
      in.lost_to_passthrough[rule->id].push_back({host, platform});
    else if (const auto* decider = in.set.match(host).rule;
             decider && !says_the_same(in, decider->utm, platform))
      in.lost_to_mapping[decider->id].push_back({host, platform});
  });
}

void check_platforms(context& in, const subject& of, bool is_dead) {
  if (of.is(match_type::exact)) {
    const auto platform = in.platforms.platform_of(of.rule.referrer_pattern);
    if (platform && !is_dead)
      report_exact(in, of.rule, *platform);
  } else if (const auto* hosts = find(in.lost_to_mapping, of.rule.id)) {
    report_pattern(in, of, *hosts);
  }
}

void check_platforms(context& in, const passthrough_referrer& rule) {
  const auto* hosts = find(in.lost_to_passthrough, rule.id);
  if (!hosts)
    return;
  in.out.add(lint_severity::warning, lint_code::overrides_ai_platform, [&] {
    lint_finding found;
    found.rules = {reference_to(rule)};
    found.message = capitalised(name_of(rule)) + " covers " + listed(named(*hosts)) + " of " +
                    name_of(in.platforms) +
                    ": visits from there keep the session's attribution and do not count as AI "
                    "platform visits.";
    found.suggestion = "Name the payment, booking or login hosts that are meant.";
    return found;
  });
}

} // namespace headwater::attribution::linting
