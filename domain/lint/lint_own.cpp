// Implements check_own() of lint_context.hpp: rules about the account's own sites.

#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

namespace headwater::attribution::linting {
namespace {

/// Nothing advises to delete such a rule: it may be for visits from one of the account's sites to
/// another, and which domains are its own may change.
template <class Rule>
bool report_own(context& in, const Rule& rule, std::string_view host) {
  const auto domain = in.sites.domain_of(host);
  const auto site = in.sites.of(host);
  if (domain.empty() && site.empty())
    return false;
  in.out.add(domain.empty() ? lint_severity::warning : lint_severity::info, lint_code::own_site,
             [&] {
               lint_finding found;
               found.rules = {reference_to(rule)};
               found.message = capitalised(name_of(rule)) + " is about the account's own ";
               if (domain.empty()) {
                 found.message += "site " + std::string(site) +
                                  ": visits from one page there to another are internal, and no "
                                  "rule is asked.";
                 found.suggestion = "Keep it if it is for visits to another site of yours.";
               } else {
                 found.message += "domain " + std::string(domain) +
                                  ": visits from there are internal on every site, and no rule is "
                                  "asked.";
                 found.suggestion = "It comes into effect if the domain leaves own_domains in the "
                                    "attribution settings.";
               }
               return found;
             });
  return true;
}

} // namespace

bool check_own(context& in, const subject& of) {
  // A name without a dot is part of many hosts, not a particular one.
  return of.text.find('.') != of.text.npos && report_own(in, of.rule, of.text);
}

bool check_own(context& in, const passthrough_referrer& rule) {
  return report_own(in, rule, rule.domain);
}

} // namespace headwater::attribution::linting
