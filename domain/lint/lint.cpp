#include "domain/lint/lint.hpp"

#include "domain/hosts/public_suffixes.hpp"
#include "domain/lint/lint_context.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace linting {
namespace {

std::string without_outer_dots(std::string_view text) {
  while (text.starts_with('.'))
    text.remove_prefix(1);
  while (text.ends_with('.'))
    text.remove_suffix(1);
  return std::string(text);
}

/// Those of the names that are valid hosts, each once.
std::vector<std::string> hosts_among(std::vector<std::string> names) {
  std::vector<std::string> found;
  for (auto& each : names)
    if (std::ranges::find(found, each) == found.end() && is_host(each))
      found.push_back(std::move(each));
  return found;
}

struct outcome_of_run {
  collector out;
  bool complete = true;
};

/// Runs every check; the collector's windows decide what is kept.
outcome_of_run run(const account_rules& rules, const rule_set& set, const ai_platforms& platforms,
                   const source_lists& lists, const own_sites& sites, const lint_options& options,
                   const collector::windows& windows) {
  const auto& settings = rules.settings();
  const std::string_view ai_medium = settings.classification == classification::basic
                                         ? std::string_view("ai")
                                         : std::string_view(settings.ai_medium);
  context in{rules, set, platforms, lists, sites, ai_medium, {}, {}, {}, collector(windows)};
  const auto time_is_up = [&] {
    in.exhausted = in.exhausted || (options.give_up && options.give_up());
    return in.exhausted;
  };
  note_lost_platforms(in, time_is_up);
  rules.passthrough_referrers().each([&](const auto& rule) {
    if (rule->is_active)
      check_passthrough(in, *rule);
  });
  check_channels(in);
  const auto& all = rules.mappings_in_order();
  for (const auto& rule : all)
    if (rule->is_active && !time_is_up())
      note_ties(in, subject(*rule));
  for (const auto& rule : all) {
    if (!rule->is_active)
      continue;
    time_is_up();
    const subject of(*rule);
    if (check_never(in, of) || check_own(in, of) || check_spam(in, of))
      continue;
    const bool is_dead = check_shadow(in, of);
    check_breadth(in, of);
    if (!is_dead)
      check_ties(in, of);
    check_regex(in, of);
    check_hosts(in, of);
    check_platforms(in, of, is_dead);
    check_sources(in, of, is_dead);
  }
  return {std::move(in.out), !in.exhausted};
}

/// The window of each severity for `limit` findings from `offset` on, given the counts per
/// severity.
collector::windows windows_at(std::size_t offset, std::size_t limit,
                              const std::array<std::size_t, 3>& counts) {
  collector::windows out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto from = std::min(offset, counts[i]);
    const auto to = std::min(counts[i], from + limit);
    out[i] = {from, to};
    offset -= from;
    limit -= to - from;
  }
  return out;
}

} // namespace

subject::subject(const referrer_mapping& of) : rule(of) {
  const auto& pattern = rule.referrer_pattern;
  const auto bare = std::string(without_www(pattern));
  switch (rule.match_type) {
  case match_type::exact:
    hosts = hosts_among({pattern, "www." + pattern, bare, "www." + bare});
    text = pattern;
    break;
  case match_type::contains:
  case match_type::starts_with:
  case match_type::ends_with:
    text = without_outer_dots(pattern);
    break;
  case match_type::regex:
    shape = shape_of(pattern);
    literals = rule.compiled.regex->literals();
    if (shape.from_start && shape.to_end && shape.text)
      hosts = hosts_among({*shape.text, "www." + *shape.text});
    text = without_outer_dots(shape.text ? *shape.text : shape.tail);
    break;
  }
}

own_sites::own_sites(const std::vector<host>& pages, const attribution_settings& settings,
                     const public_suffixes& suffixes)
    : settings_(settings), suffixes_(suffixes) {
  for (const auto& page : pages) {
    if (page.kind != host_kind::domain)
      continue;
    // The shortest parent domain that is still the same site.
    std::string_view domain = page.name;
    for (auto dot = domain.find('.'); dot != domain.npos; dot = domain.find('.')) {
      const host parent{std::string(domain.substr(dot + 1)), host_kind::domain};
      if (!same_site(parent, page, suffixes_))
        break;
      domain.remove_prefix(dot + 1);
    }
    by_domain_.emplace(domain, page);
  }
}

std::string_view own_sites::domain_of(std::string_view name) const {
  const auto found = std::ranges::find_if(settings_.own_domains, [&](const std::string& each) {
    return name == each || (name.size() > each.size() && name.ends_with(each) &&
                            name[name.size() - each.size() - 1] == '.');
  });
  return found == settings_.own_domains.end() ? std::string_view{} : std::string_view(*found);
}

std::string_view own_sites::of(std::string_view name) const {
  if (by_domain_.empty())
    return {};
  for (auto rest = name;;) {
    const auto found = by_domain_.find(rest);
    if (found != by_domain_.end() &&
        same_site(host{std::string(name), host_kind::domain}, found->second, suffixes_))
      return found->first;
    const auto dot = rest.find('.');
    if (dot == rest.npos)
      return {};
    rest.remove_prefix(dot + 1);
  }
}

std::vector<std::string> own_sites::names() const {
  std::vector<std::string> found;
  for (const auto& [domain, page] : by_domain_)
    found.push_back(domain);
  std::ranges::sort(found);
  return found;
}

void collector::report(lint_report& to, std::size_t limit) && {
  to.by_severity = by_severity_;
  to.by_code = by_code_;
  for (const auto count : by_severity_)
    to.total += count;
  for (auto& level : kept_)
    for (auto& each : level)
      if (to.findings.size() < limit)
        to.findings.push_back(std::move(each));
}

} // namespace linting

lint_report lint(const account_rules& rules, const rule_set& set, const ai_platforms& platforms,
                 const source_lists& lists, const lint_options& options) {
  using namespace linting;
  const own_sites sites(options.sites, rules.settings(), lists.suffixes());
  const auto kept = options.offset == 0 ? options.limit : 0;
  auto found = run(rules, set, platforms, lists, sites, options,
                   {collector::window{0, kept}, {0, kept}, {0, kept}});
  const bool complete = found.complete;
  if (options.offset > 0)
    found = run(rules, set, platforms, lists, sites, options,
                windows_at(options.offset, options.limit, found.out.by_severity()));
  lint_report out;
  out.complete = complete && found.complete;
  out.rules = rules.passthrough_referrers().active() + rules.referrer_mappings().active();
  out.sites = sites.names();
  std::move(found.out).report(out, options.limit);
  return out;
}

} // namespace headwater::attribution
