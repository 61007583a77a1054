// Implements check_hosts() of lint_context.hpp: hosts that are special in themselves.

#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

namespace headwater::attribution::linting {
namespace {

void check_usual_passthrough(context& in, const subject& of) {
  const auto* known = usual_passthrough(of.text);
  if (!known || in.set.passthrough(of.text)) // the shadow check speaks of one that is there
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

} // namespace

void check_hosts(context& in, const subject& of) {
  // A name without a dot is part of many hosts, not a particular one.
  if (of.text.find('.') == of.text.npos)
    return;
  check_usual_passthrough(in, of);
}

} // namespace headwater::attribution::linting
