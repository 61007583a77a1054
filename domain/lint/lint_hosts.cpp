// Implements check_hosts() of lint_context.hpp: hosts that are special in themselves.

#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

namespace headwater::attribution::linting {
namespace {

void check_own_site(context& in, const subject& of) {
  const auto site = in.sites.of(of.text);
  if (site.empty())
    return;
  in.out.add(lint_severity::warning, lint_code::own_site, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message = capitalised(name_of(of.rule)) + " is about the account's own site " +
                    std::string(site) +
                    ": visits from one page there to another are internal, and no rule is asked.";
    found.suggestion = "Delete it, unless it is for visits to another site of yours.";
    if (of.is(match_type::exact))
      found.fix = {removal(of.rule)};
    return found;
  });
}

void check_usual_passthrough(context& in, const subject& of) {
  const auto* known = usual_passthrough(of.text);
  if (!known)
    return;
  in.out.add(lint_severity::info, lint_code::usual_passthrough_host, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message = capitalised(name_of(of.rule)) + " gives UTM values to visits from " +
                    std::string(known->host) + " (" + std::string(known->group) +
                    "), where visitors mostly return from; such hosts usually are passthrough "
                    "referrers, which keep the session's attribution.";
    found.suggestion = "Make it a passthrough referrer and delete the mapping.";
    if (!in.rules.passthrough_referrers().find_text(known->host))
      found.fix = {new_passthrough(of.rule, known->host), removal(of.rule)};
    return found;
  });
}

void check_platform(context& in, const subject& of) {
  if (!of.is(match_type::exact))
    return;
  const auto platform = in.platforms.platform_of(of.rule.referrer_pattern);
  if (!platform)
    return;
  utm_values as_listed;
  as_listed.source = *platform;
  as_listed.medium = "ai";
  const bool repeats = of.rule.utm == as_listed;
  in.out.add(lint_severity::info,
             repeats ? lint_code::repeats_ai_platform : lint_code::overrides_ai_platform, [&] {
               lint_finding found;
               found.rules = {reference_to(of.rule)};
               const auto name = std::string(*platform);
               if (repeats) {
                 found.message = capitalised(name_of(of.rule)) +
                                 " says what the list of AI platforms says by itself: " + name +
                                 ", medium ai.";
                 found.suggestion = "Delete it: the list is kept up to date without it.";
                 found.fix = {removal(of.rule)};
               } else {
                 found.message =
                     capitalised(name_of(of.rule)) + " takes visits from " + name +
                     " before the list of AI platforms sees them, so they do not count as "
                     "AI platform visits.";
                 found.suggestion = "Delete it if they are to count as " + name + ", medium ai.";
               }
               return found;
             });
}

} // namespace

void check_hosts(context& in, const subject& of) {
  // A name without a dot is part of many hosts, not a particular one.
  if (of.text.find('.') == of.text.npos)
    return;
  check_own_site(in, of);
  check_usual_passthrough(in, of);
  check_platform(in, of);
}

} // namespace headwater::attribution::linting
