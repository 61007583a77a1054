// Implements check_passthrough() of lint_context.hpp.

#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

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
  if (usual_passthrough(rule.domain))
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
                     ": visits from there keep the session's attribution and never count as "
                     "coming from there.",
                 "Name the payment, booking or login hosts that are meant, or delete it.");
  });
}

} // namespace

void check_passthrough(context& in, const passthrough_referrer& rule) {
  if (check_own(in, rule))
    return;
  check_redundant(in, rule);
  check_breadth(in, rule);
  check_platforms(in, rule);
}

} // namespace headwater::attribution::linting
