// Implements check_sources() of lint_context.hpp: mappings that say what the lists of search
// engines, of mail and of social networks say by themselves.

#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

namespace headwater::attribution::linting {
namespace {

/// The medium of the cascade's step for it; empty if there is no such step.
std::string_view medium_of(source_kind kind) {
  switch (kind) {
  case source_kind::search:
    return "organic";
  case source_kind::email:
    return "email";
  case source_kind::social:
    return "social";
  case source_kind::video:
  case source_kind::shopping:
  case source_kind::messenger:
    return {};
  }
  return {};
}

/// What the lists know of the host that an exact pattern is, or of the name that another one has.
const known_source* known_to(const context& in, const subject& of) {
  if (of.text.empty())
    return nullptr;
  if (const auto* host = in.lists.of_host(of.text, host_kind::domain))
    return host;
  if (of.is(match_type::exact))
    return in.lists.of_host(of.text, host_kind::android_app);
  const auto* host = in.lists.of_host(of.text + ".com", host_kind::domain);
  return host ? host : in.lists.of_source(of.text);
}

} // namespace

const known_source* said_by_list(const context& in, const subject& of) {
  if (in.rules.settings().classification == classification::basic)
    return nullptr; // the lists have no steps of their own then
  const auto* known = known_to(in, of);
  if (!known || medium_of(known->kind).empty())
    return nullptr;
  utm_values listed;
  listed.source = known->source;
  listed.medium = medium_of(known->kind);
  return of.rule.utm == listed ? known : nullptr;
}

void check_sources(context& in, const subject& of, bool is_dead) {
  // What a broader pattern takes besides is for other checks to say.
  if (is_dead || !of.is(match_type::exact) || in.platforms.platform_of(of.text))
    return;
  const auto* known = said_by_list(in, of);
  if (!known)
    return;
  in.out.add(lint_severity::info, lint_code::repeats_source_list, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message =
        capitalised(name_of(of.rule)) + " says what " + name_of_list(in.lists, known->list) +
        " says by itself: " + std::string(known->source) + ", medium " + of.rule.utm.medium + ".";
    found.suggestion = "Delete it: the list is kept up to date without it.";
    found.fix = {removal(of.rule)};
    return found;
  });
}

} // namespace headwater::attribution::linting
