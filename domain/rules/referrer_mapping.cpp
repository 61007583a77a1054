#include "domain/rules/referrer_mapping.hpp"

#include "domain/core/text.hpp"
#include "domain/hosts/domain_name.hpp"
#include "domain/hosts/host.hpp"
#include "domain/matching/regex.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 5> match_types{"exact", "contains", "starts_with",
                                                      "ends_with", "regex"};

/// The pattern without scheme, path, query, fragment and port, and without blanks around it.
std::string_view host_part(std::string_view pattern) {
  pattern = without_scheme(trimmed(pattern));
  if (pattern.starts_with("//"))
    pattern.remove_prefix(2);
  pattern = trimmed(pattern.substr(0, pattern.find_first_of("/?#")));
  for (;;) { // until nothing changes, so that normalising again is a no-op
    const auto colon = pattern.rfind(':');
    if (colon == pattern.npos ||
        pattern.find_first_not_of("0123456789", colon + 1) != pattern.npos ||
        // After an IPv6 address, only what follows the bracket is a port.
        (pattern.starts_with('[') && pattern[colon - 1] != ']'))
      return pattern;
    pattern = trimmed(pattern.substr(0, colon));
  }
}

/// A regular expression without the blanks around it, none of which a host has. An escaped one at
/// its end stays, since the backslash would be left over.
std::string_view without_blanks(std::string_view pattern) {
  const auto bare = trimmed(pattern);
  return bare.ends_with('\\') ? pattern : bare;
}

void report_pattern(read_report& report, std::string message) {
  report.faults.push_back({body_path("referrer_pattern"), std::move(message), "value_error"});
}

void normalise_regex(referrer_mapping& rule, read_report& report) {
  auto& pattern = rule.referrer_pattern;
  pattern = std::string(without_blanks(pattern));
  while (starts_with_nocase(pattern, "http://") || starts_with_nocase(pattern, "https://"))
    pattern = std::string(without_blanks(std::string_view(pattern).substr(pattern.find("//") + 2)));
  if (rule.referrer_pattern.empty() || code_points(rule.referrer_pattern) > 255)
    return; // check_limits reports it
  auto compiled = regex::compile(rule.referrer_pattern);
  if (!compiled)
    report_pattern(report, compiled.error().message);
  else if (compiled->has_back_references())
    report_pattern(report, "Back references are not supported: their cost cannot be bounded");
  else if (compiled->bytes() > regex::max_bytes)
    report_pattern(report, "Regular expression is too complex: it compiles to " +
                               std::to_string(compiled->bytes()) + " bytes, and at most " +
                               std::to_string(regex::max_bytes) + " are allowed");
}

void normalise_exact(referrer_mapping& rule, read_report& report) {
  auto& pattern = rule.referrer_pattern;
  // Until nothing changes: a port may stand before a trailing dot, and mapping to ASCII makes ':'
  // and
  // '/' of their full-width forms.
  for (std::string before; before != pattern;) {
    before = pattern;
    auto name = to_ascii_domain(host_part(pattern));
    if (!name) {
      report_pattern(report, "Pattern should be a domain that has an ASCII form (IDNA)");
      return;
    }
    while (name->size() > 1 && name->ends_with('.'))
      name->pop_back(); // hosts are compared without it
    pattern = std::move(*name);
  }
}

} // namespace

std::string_view to_string(match_type type) {
  return match_types[static_cast<std::size_t>(type) - 1];
}

std::optional<match_type> parse_choice(std::string_view text, match_type) {
  const auto* found = std::ranges::find(match_types, text);
  if (found == match_types.end())
    return std::nullopt;
  return static_cast<match_type>(found - match_types.begin() + 1);
}

void normalise(referrer_mapping& rule, read_report& report) {
  if (report.has_fault("referrer_pattern") || report.has_fault("match_type"))
    return;
  if (rule.match_type == match_type::regex)
    return normalise_regex(rule, report);
  rule.referrer_pattern = std::string(host_part(rule.referrer_pattern));
  if (rule.match_type == match_type::exact)
    return normalise_exact(rule, report);
  if (!is_ascii(rule.referrer_pattern))
    report_pattern(report,
                   "Pattern should be ASCII for this match_type; write international domains in "
                   "punycode (xn--...)");
  rule.referrer_pattern = ascii_lower(rule.referrer_pattern);
}

} // namespace headwater::attribution

namespace headwater {
namespace {

using rule = attribution::referrer_mapping;
using attribution::utm_values;

constexpr std::array identity_fields{
    bind<&rule::id>({.name = "id",
                     .kind = field_kind::integer,
                     .description = "Number of the mapping within its account, from 1",
                     .example = "7",
                     .min = 1,
                     .read_only = true}),
    bind_owner<rule>({.name = "account_id",
                      .description = "Account that the mapping belongs to",
                      .example = "\"acme\"",
                      .read_only = true}),
    bind<&rule::referrer_pattern>(
        {.name = "referrer_pattern",
         .description = "Pattern to match against the referrer's host; blanks around it and a "
                        "scheme are stripped, comparison is lowercase",
         .example = "\"partner-site.com\"",
         .min = 1,
         .max = 255,
         .required = true}),
    bind<&rule::match_type>({.name = "match_type",
                             .description = "How the pattern is compared",
                             .example = "\"exact\"",
                             .choices = attribution::match_types}),
};

constexpr std::array utm_fields{
    bind<&rule::utm, &utm_values::source>({.name = "utm_source",
                                           .description = "UTM source to apply",
                                           .example = "\"partner-site\"",
                                           .min = 1,
                                           .max = 255,
                                           .required = true}),
    bind<&rule::utm, &utm_values::medium>({.name = "utm_medium",
                                           .description = "UTM medium to apply",
                                           .example = "\"referral\"",
                                           .max = 100}),
    bind<&rule::utm, &utm_values::campaign>({.name = "utm_campaign",
                                             .description = "UTM campaign to apply",
                                             .example = "\"\"",
                                             .max = 255}),
    bind<&rule::utm, &utm_values::term>(
        {.name = "utm_term", .description = "UTM term to apply", .example = "\"\"", .max = 255}),
    bind<&rule::utm, &utm_values::content>({.name = "utm_content",
                                            .description = "UTM content to apply",
                                            .example = "\"\"",
                                            .max = 255}),
};

constexpr std::array other_fields{
    bind<&rule::label>({.name = "label",
                        .description = "Human-readable label",
                        .example = "\"Partner Site Traffic\"",
                        .max = 100,
                        .nullable = true}),
    bind<&rule::description>({.name = "description",
                              .description = "Optional description",
                              .example = "null",
                              .max = 500,
                              .nullable = true,
                              .text = text_rule::multiline}),
    bind<&rule::priority>({.name = "priority",
                           .kind = field_kind::integer,
                           .description = "Higher priority is checked first",
                           .example = "100",
                           .max = 1000}),
    bind<&rule::is_active>({.name = "is_active",
                            .kind = field_kind::boolean,
                            .description = "Whether the resolver uses the mapping",
                            .example = "true"}),
    bind_time<&rule::created_at>({.name = "created_at",
                                  .description = "When the mapping was created",
                                  .example = "\"2025-01-05T10:00:00Z\"",
                                  .read_only = true}),
    bind_time<&rule::updated_at>({.name = "updated_at",
                                  .description = "When the mapping last changed",
                                  .example = "\"2025-01-05T10:00:00Z\"",
                                  .read_only = true}),
};

} // namespace

template <>
field_table<attribution::referrer_mapping> fields_of<attribution::referrer_mapping>() {
  static const auto table = [] {
    std::vector<bound_field<rule>> all(identity_fields.begin(), identity_fields.end());
    all.insert(all.end(), utm_fields.begin(), utm_fields.end());
    all.insert(all.end(), other_fields.begin(), other_fields.end());
    return all;
  }();
  return table;
}

} // namespace headwater
