// Implements note_ties() and check_ties() of lint_context.hpp: mappings of equal priority.

#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

#include <algorithm>

namespace headwater::attribution::linting {
namespace {

/// A host that the mapping probably matches; empty if none is obvious.
std::string host_for(const subject& of) {
  if (of.hosts)
    return of.hosts->empty() ? std::string{} : of.hosts->front();
  const auto& known = !of.is(match_type::regex) ? of.rule.referrer_pattern
                      : of.shape.text           ? *of.shape.text
                      : !of.shape.tail.empty()  ? of.shape.tail
                      : !of.shape.head.empty()  ? of.shape.head
                      : !of.literals.empty()    ? of.literals.front()
                                                : of.text;
  // A label on the other side of a dot makes it a host.
  auto host = (known.starts_with('.') ? "a" : "") + known + (known.ends_with('.') ? "a" : "");
  return is_host(host) ? host : std::string{};
}

void note(context& in, const referrer_mapping& at, const referrer_mapping& other, bool unclear,
          std::string_view host) {
  auto& one = in.ties[at.id];
  if (one.host.empty())
    one.host = host;
  one.is_unclear = one.is_unclear || unclear;
  if (std::ranges::find(one.others, other.id) != one.others.end())
    return;
  if (one.others.size() + 1 < most_rules_named)
    one.others.push_back(other.id);
  else
    one.has_more = true;
}

void note_pair(context& in, const subject& of, const referrer_mapping& other,
               std::string_view host) {
  const auto& rule = of.rule;
  const bool other_is_first = is_before(other, rule);
  if (of.hosts) {
    // A few hosts against a pattern. If the pattern comes first, the shadow check reports it.
    if (!other_is_first && other.match_type != match_type::exact)
      note(in, other, rule, false, host);
    return;
  }
  if (other.match_type == match_type::exact)
    return; // recorded from the other side
  const auto& first = other_is_first ? other : rule;
  const auto& second = other_is_first ? rule : other;
  if (!lies_within(second, first)) // else it is shadowed
    note(in, second, first, !lies_within(first, second), host);
}

} // namespace

void note_ties(context& in, const subject& of) {
  const auto host = host_for(of);
  if (host.empty() || in.set.passthrough(host))
    return;
  auto all = in.set.candidates(host, most_candidates);
  std::erase_if(all, [](const auto& each) { return each.outcome != match_result::match; });
  const auto is_it = [&](const auto& each) { return each.rule->id == of.rule.id; };
  // Regardless of ties, a rule with a higher priority decides for this host.
  if (all.empty() || all.front().rule->priority != of.rule.priority ||
      std::ranges::none_of(all, is_it))
    return;
  for (const auto& each : all)
    if (!is_it(each) && each.rule->priority == of.rule.priority && each.rule->utm != of.rule.utm)
      note_pair(in, of, *each.rule, host);
}

void check_ties(context& in, const subject& of) {
  const auto found_at = in.ties.find(of.rule.id);
  if (found_at == in.ties.end())
    return;
  const auto& shared = found_at->second;
  const auto severity = shared.is_unclear ? lint_severity::warning : lint_severity::info;
  in.out.add(severity, lint_code::equal_priority, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    for (const auto id : shared.others) {
      const auto other = in.rules.referrer_mappings().find(id);
      found.rules.push_back(reference_to(*other));
      if (!shared.is_unclear && !shared.has_more && of.rule.priority < 1000)
        found.fix.push_back(new_priority(*other, of.rule.priority + 1));
    }
    const auto count = shared.others.size();
    const auto number = (shared.has_more ? "more than " : "") + std::to_string(count);
    found.message = capitalised(name_of(of.rule)) + " has the same priority (" +
                    std::to_string(of.rule.priority) + ") as " + number +
                    (count == 1 && !shared.has_more ? " other mapping" : " other mappings") +
                    " with hosts in common, such as " + shared.host +
                    ": only the ids decide, and older mappings win.";
    found.suggestion = shared.is_unclear
                           ? "Give the mapping that is to win a higher priority."
                           : "Give the more specific mappings a higher priority: deleted and "
                             "created again, they would have higher ids and lose.";
    return found;
  });
}

} // namespace headwater::attribution::linting
