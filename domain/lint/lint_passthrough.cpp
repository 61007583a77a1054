// Implements check_passthrough() of lint_context.hpp.

#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"
#include "domain/resolve/channel.hpp"

namespace headwater::attribution::linting {
namespace {

lint_finding about(const passthrough_referrer& rule, const std::string& says,
                   std::string suggestion) {
  lint_finding found;
  found.rules = {reference_to(rule)};
  found.message = capitalised(name_of(rule)) + says;
  found.suggestion = std::move(suggestion);
  return found;
}

void check_redundant(context& in, const passthrough_referrer& rule) {
  const auto dot = rule.domain.find('.');
  const auto* parent = in.set.passthrough(std::string_view(rule.domain).substr(dot + 1));
  if (!parent || parent->utm != rule.utm)
    return;
  in.out.add(lint_severity::warning, lint_code::redundant_passthrough, [&] {
    auto found =
        about(rule, " adds nothing: " + name_of(*parent) + " covers it with the same UTM values.",
              "Delete it.");
    found.rules.push_back(reference_to(*parent));
    found.fix = {removal(rule)};
    return found;
  });
}

void check_breadth(context& in, const passthrough_referrer& rule) {
  if (usual_passthrough(rule.domain) || is_own_mail(rule.domain))
    return; // some of them are public suffixes, because each tenant is its own site
  const auto known = well_known_below(rule.domain);
  const bool suffix = is_public_suffix(in, rule.domain);
  if (!suffix && known.empty())
    return;
  in.out.add(lint_severity::warning, lint_code::too_broad, [&] {
    if (suffix)
      return about(rule,
                   " covers every site under ." + rule.domain + suffix_words(in, rule.domain) + ".",
                   "Name the payment, booking or login hosts that are meant.");
    return about(rule,
                 " covers " + listed(known) +
                     ": visits from there keep the session's attribution, and only those without a "
                     "session count as coming from there.",
                 "Name the payment, booking or login hosts that are meant, or delete it.");
  });
}

/// Whether a visit that takes the rule's values is of no channel.
bool is_unassigned(const context& in, const passthrough_referrer& rule) {
  const auto* known = in.lists.of_source(rule.utm.source);
  const bool is_ai = in.platforms.platform_of_source(rule.utm.source).has_value();
  return channel_of({.source = rule.utm.source,
                     .medium = rule.utm.medium,
                     .campaign = rule.utm.campaign,
                     .kind = known && !is_ai ? std::optional(known->kind) : std::nullopt,
                     .is_ai = is_ai,
                     .ai_medium = in.ai_medium}) == channel::unassigned;
}

} // namespace

void check_channels(context& in) {
  constexpr std::size_t most_named = 10;
  std::vector<rule_reference> first;
  std::size_t count = 0;
  in.rules.passthrough_referrers().each([&](const auto& rule) {
    if (!rule->is_active || !is_unassigned(in, *rule))
      return;
    if (++count <= most_named)
      first.push_back(reference_to(*rule));
  });
  if (count == 0)
    return;
  in.out.add(lint_severity::info, lint_code::unassigned_channel, [&] {
    lint_finding found;
    found.rules = first;
    found.message = (count == 1 ? "A passthrough referrer has a medium that belongs to no channel"
                                : std::to_string(count) + " passthrough referrers have media that "
                                                          "belong to no channel") +
                    std::string(": visits from there without a session are Unassigned.");
    found.suggestion = "Leave it so if they hardly happen, or choose a medium such as referral.";
    return found;
  });
}

void check_passthrough(context& in, const passthrough_referrer& rule) {
  if (check_own(in, rule) || check_spam(in, rule))
    return;
  check_redundant(in, rule);
  check_breadth(in, rule);
  check_platforms(in, rule);
}

} // namespace headwater::attribution::linting
