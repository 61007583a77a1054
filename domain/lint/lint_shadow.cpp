// Implements check_shadow() of lint_context.hpp: rules that come before a mapping.

#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"
#include "domain/resolve/pattern_match.hpp"

#include <algorithm>

namespace headwater::attribution::linting {
namespace {

/// Whether `outer`, if it came first, would take everything that `inner` matches, as far as can be
/// seen.
bool probably_within(const referrer_mapping& inner, const referrer_mapping& outer);

/// The rules before a mapping that take its hosts, or everything that its pattern matches.
struct takers {
  std::vector<const passthrough_referrer*> passthrough;
  std::vector<const referrer_mapping*> mappings;
  bool certain = true;

  void add(const passthrough_referrer* rule) {
    if (std::ranges::find(passthrough, rule) == passthrough.end())
      passthrough.push_back(rule);
  }
  void add(const referrer_mapping* rule) {
    if (std::ranges::find(mappings, rule) == mappings.end())
      mappings.push_back(rule);
  }
  [[nodiscard]] bool say_the_same_as(const referrer_mapping& rule) const {
    return passthrough.empty() &&
           std::ranges::all_of(mappings, [&](const auto* each) { return each->utm == rule.utm; });
  }
};

std::vector<rule_reference> references(const referrer_mapping& rule, const takers& by) {
  std::vector<rule_reference> found{reference_to(rule)};
  for (const auto* each : by.passthrough)
    found.push_back(reference_to(*each));
  for (const auto* each : by.mappings)
    found.push_back(reference_to(*each));
  if (found.size() > most_rules_named)
    found.resize(most_rules_named);
  return found;
}

std::string names(const takers& by) {
  std::vector<std::string> found;
  found.reserve(by.passthrough.size() + by.mappings.size());
  for (const auto* each : by.passthrough)
    found.push_back(name_of(*each));
  for (const auto* each : by.mappings)
    found.push_back(name_of(*each));
  return listed(found);
}

/// Why they come before the mapping.
std::string order_note(const referrer_mapping& rule, const takers& by) {
  if (by.mappings.empty())
    return "passthrough referrers come before mappings";
  if (!by.passthrough.empty())
    return "they come before it";
  const auto& first = *by.mappings.front();
  const std::string plural = by.mappings.size() == 1 ? "it has" : "they have";
  return first.priority == rule.priority && by.mappings.size() == 1
             ? "it has the same priority and is older"
             : plural + " a higher priority or the same one and a lower id";
}

/// The change that moves the mapping before the one that shadows it. Several would take turns in
/// coming first.
std::optional<suggested_change> lift(const referrer_mapping& rule, const takers& by) {
  if (!by.passthrough.empty() || by.mappings.size() != 1 || by.mappings.front()->priority >= 1000)
    return std::nullopt;
  return new_priority(rule, by.mappings.front()->priority + 1);
}

/// A mapping that would in turn be shadowed by the rule, if the rule came first; null if there is
/// none.
const referrer_mapping* rival(const referrer_mapping& rule, const takers& by) {
  const auto found = std::ranges::find_if(
      by.mappings, [&](const auto* each) { return probably_within(*each, rule); });
  return found == by.mappings.end() ? nullptr : *found;
}

void advise(lint_finding& found, const referrer_mapping& rule, const takers& by) {
  if (by.say_the_same_as(rule)) {
    found.suggestion = "Delete it: " + names(by) + " gives the same UTM values.";
    found.fix = {removal(rule)};
  } else if (const auto* other = rival(rule, by)) {
    found.message += " The two contradict each other: both are about the same hosts, and give them "
                     "different UTM values.";
    found.suggestion = "Delete one of them: this one, or " + name_of(*other) + ".";
  } else if (by.mappings.empty()) {
    found.suggestion = "Delete the mapping; or delete the passthrough referrer, if visits from "
                       "there are to be attributed to a source of their own.";
    found.fix = {removal(rule)};
  } else if (auto change = lift(rule, by)) {
    found.suggestion = "Give it a higher priority than " + names(by) + ", or delete it.";
    found.fix = {std::move(*change)};
  } else {
    found.suggestion = "Delete it, or change what comes before it: " + names(by) + ".";
  }
}

void report_dead(context& in, const referrer_mapping& rule, const takers& by) {
  const auto code = !by.certain           ? lint_code::maybe_shadowed
                    : by.mappings.empty() ? lint_code::behind_passthrough
                                          : lint_code::shadowed;
  const auto severity =
      !by.certain || by.say_the_same_as(rule) ? lint_severity::warning : lint_severity::error;
  in.out.add(severity, code, [&] {
    lint_finding found;
    found.rules = references(rule, by);
    const std::string verb = by.certain ? " never decides: " : " may never decide: ";
    const bool one = by.passthrough.size() + by.mappings.size() == 1;
    found.message = capitalised(name_of(rule)) + verb + names(by) +
                    (one ? " matches" : " together match") +
                    (by.certain ? " every host that it matches, and "
                                : " its pattern wherever it stands, and ") +
                    order_note(rule, by) + ".";
    advise(found, rule, by);
    return found;
  });
}

/// Without those that begin with two www., which nobody has: an exact pattern with one fits them.
std::vector<std::string_view> existing(std::vector<std::string_view> hosts) {
  std::erase_if(hosts, [](auto host) { return host.starts_with("www.www."); });
  return hosts;
}

void report_partial(context& in, const referrer_mapping& rule, const takers& by,
                    std::vector<std::string_view> lost, std::vector<std::string_view> kept) {
  lost = existing(std::move(lost));
  kept = existing(std::move(kept));
  if (lost.empty())
    return;
  in.out.add(lint_severity::warning, lint_code::partly_shadowed, [&] {
    lint_finding found;
    found.rules = references(rule, by);
    found.message = capitalised(name_of(rule)) +
                    (kept.empty() ? " does not decide for "
                                  : " decides for " + listed(kept) + " but not for ") +
                    listed(lost) + ", because of " + names(by) + ": " + order_note(rule, by) + ".";
    // No change is proposed: the other rule may be told the same afterwards.
    found.suggestion = by.passthrough.empty()
                           ? "Give it a higher priority if it is to decide for all of them."
                           : "Check that these hosts are meant to be treated differently.";
    return found;
  });
}

/// For a mapping that matches a few known hosts: asks the rule set which rule decides for each.
bool check_few(context& in, const subject& of) {
  takers by;
  std::vector<std::string_view> lost;
  std::vector<std::string_view> kept;
  for (const std::string& each : *of.hosts) {
    const auto* passthrough = in.set.passthrough(each);
    const auto* decider = passthrough ? nullptr : in.set.match(each).rule;
    if (passthrough)
      by.add(passthrough);
    else if (decider && is_before(*decider, of.rule))
      by.add(decider);
    else {
      kept.push_back(each);
      continue;
    }
    lost.push_back(each);
  }
  if (kept.empty())
    report_dead(in, of.rule, by);
  else if (!lost.empty() && !by.say_the_same_as(of.rule))
    report_partial(in, of.rule, by, std::move(lost), kept);
  return kept.empty();
}

bool covers(const referrer_mapping& outer, std::string_view text, match_type type) {
  const std::string_view pattern = outer.referrer_pattern;
  switch (outer.match_type) {
  case match_type::contains:
    return text.find(pattern) != text.npos;
  case match_type::starts_with:
    return type == match_type::starts_with && text.starts_with(pattern);
  case match_type::ends_with:
    return type == match_type::ends_with && text.ends_with(pattern);
  case match_type::exact:
  case match_type::regex:
    return false;
  }
  return false;
}

/// A regular expression that matches the text probably matches every longer text that contains it.
/// It may still hit a limit there, so this is never certain.
bool seems_to_cover(const referrer_mapping& outer, match_type type) {
  if (outer.match_type != match_type::regex)
    return false;
  const auto shape = shape_of(outer.referrer_pattern);
  return shape.understood && shape.plain &&
         (!shape.from_start || type == match_type::starts_with) &&
         (!shape.to_end || type == match_type::ends_with);
}

/// Whether the outer mapping takes all hosts that contain the text in the way that `type` says,
/// certainly or as far as can be seen.
bool likely_covers(const referrer_mapping& outer, std::string_view text, match_type type) {
  if (text.empty())
    return false;
  return covers(outer, text, type) || (seems_to_cover(outer, type) && matches(outer, text));
}

bool probably_within(const referrer_mapping& inner, const referrer_mapping& outer) {
  const subject of(inner);
  if (of.hosts)
    return std::ranges::all_of(*of.hosts,
                               [&](const std::string& each) { return matches(outer, each); });
  if (!of.is(match_type::regex))
    return likely_covers(outer, inner.referrer_pattern, inner.match_type);
  const bool by_literals =
      !of.literals.empty() && std::ranges::all_of(of.literals, [&](const std::string& each) {
        return likely_covers(outer, each, match_type::contains);
      });
  return by_literals || likely_covers(outer, of.shape.head, match_type::starts_with) ||
         likely_covers(outer, of.shape.tail, match_type::ends_with);
}

/// Adds the first rule that covers all hosts that contain the text in the way that `type` says.
bool add_cover(const context& in, const referrer_mapping& rule, std::string_view text,
               match_type type, takers& to) {
  const referrer_mapping* likely = nullptr;
  for (const auto& each : in.set.candidates(text, most_candidates)) {
    if (!is_before(*each.rule, rule))
      break;
    if (covers(*each.rule, text, type)) {
      to.add(each.rule);
      return true;
    }
    if (!likely && each.outcome == match_result::match && seems_to_cover(*each.rule, type))
      likely = each.rule;
  }
  if (!likely)
    return false;
  to.add(likely);
  to.certain = false;
  return true;
}

/// The passthrough referrer that covers every host ending with the text, wherever its first label
/// begins; null if there is none.
const passthrough_referrer* passthrough_below(const context& in, std::string_view text) {
  const auto dot = text.find('.');
  return dot == text.npos ? nullptr : in.set.passthrough(text.substr(dot + 1));
}

bool report_if_dead(context& in, const subject& of, const takers& by, bool dead) {
  if (dead)
    report_dead(in, of.rule, by);
  return dead && by.certain;
}

bool check_regex_shadow(context& in, const subject& of) {
  takers by;
  const auto& literals = of.literals;
  if (!literals.empty() && std::ranges::all_of(literals, [&](const std::string& each) {
        return add_cover(in, of.rule, each, match_type::contains, by) && by.certain;
      }))
    return report_if_dead(in, of, by, true);
  by = {};
  if (const auto* passthrough = passthrough_below(in, of.shape.tail)) {
    by.add(passthrough);
    return report_if_dead(in, of, by, true);
  }
  for (const auto& [text, type] : {std::pair{&of.shape.head, match_type::starts_with},
                                   std::pair{&of.shape.tail, match_type::ends_with}}) {
    by = {};
    if (!text->empty() && add_cover(in, of.rule, *text, type, by))
      return report_if_dead(in, of, by, true);
  }
  return false;
}

} // namespace

bool is_before(const referrer_mapping& rule, const referrer_mapping& other) {
  return rule.priority != other.priority ? rule.priority > other.priority : rule.id < other.id;
}

bool lies_within(const referrer_mapping& inner, const referrer_mapping& outer) {
  // The text of a regular expression is not what it matches.
  return inner.match_type != match_type::regex &&
         covers(outer, inner.referrer_pattern, inner.match_type);
}

bool check_shadow(context& in, const subject& of) {
  if (in.exhausted)
    return false;
  if (of.hosts)
    return check_few(in, of);
  if (of.is(match_type::regex))
    return check_regex_shadow(in, of);
  takers by;
  const auto* passthrough =
      of.is(match_type::ends_with) ? passthrough_below(in, of.rule.referrer_pattern) : nullptr;
  if (passthrough)
    by.add(passthrough);
  const bool dead =
      passthrough || add_cover(in, of.rule, of.rule.referrer_pattern, of.rule.match_type, by);
  return report_if_dead(in, of, by, dead);
}

} // namespace headwater::attribution::linting
