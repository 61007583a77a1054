#include "domain/rules/passthrough_referrer.hpp"

#include "domain/core/text.hpp"
#include "domain/hosts/domain_name.hpp"
#include "domain/hosts/host.hpp"

#include <algorithm>
#include <array>

namespace headwater {

namespace {

using rule = attribution::passthrough_referrer;
using attribution::utm_values;

constexpr std::array fields{
    bind<&rule::id>({.name = "id",
                     .kind = field_kind::integer,
                     .description = "Number of the rule within its account, from 1",
                     .example = "4",
                     .min = 1,
                     .read_only = true}),
    bind_owner<rule>({.name = "account_id",
                      .description = "Account that the rule belongs to",
                      .example = "\"acme\"",
                      .read_only = true}),
    bind<&rule::domain>({.name = "domain",
                         .description = "Domain; a scheme, one trailing slash and blanks around it "
                                        "are stripped",
                         .example = "\"booking.mirai.com\"",
                         .min = 1,
                         .max = 255,
                         .required = true}),
    bind<&rule::utm, &utm_values::source>(
        {.name = "utm_source",
         .description = "Fallback UTM source when no session exists",
         .example = "\"mirai\"",
         .min = 1,
         .max = 255,
         .required = true}),
    bind<&rule::utm, &utm_values::medium>({.name = "utm_medium",
                                           .description = "Fallback UTM medium",
                                           .example = "\"passthrough\"",
                                           .max = 100}),
    bind<&rule::utm, &utm_values::campaign>({.name = "utm_campaign",
                                             .description = "Fallback UTM campaign",
                                             .example = "\"\"",
                                             .max = 255}),
    bind<&rule::utm, &utm_values::term>(
        {.name = "utm_term", .description = "Fallback UTM term", .example = "\"\"", .max = 255}),
    bind<&rule::service_name>({.name = "service_name",
                               .description = "Friendly name",
                               .example = "\"Mirai Booking Engine\"",
                               .max = 100}),
    bind<&rule::is_active>({.name = "is_active",
                            .kind = field_kind::boolean,
                            .description = "Whether the resolver uses the rule",
                            .example = "true"}),
    bind_time<&rule::created_at>({.name = "created_at",
                                  .description = "When the rule was created",
                                  .example = "\"2025-01-05T10:00:00Z\"",
                                  .read_only = true}),
    bind_time<&rule::updated_at>({.name = "updated_at",
                                  .description = "When the rule last changed",
                                  .example = "\"2025-01-05T10:00:00Z\"",
                                  .read_only = true}),
};

} // namespace

template <>
field_table<attribution::passthrough_referrer> fields_of<attribution::passthrough_referrer>() {
  return fields;
}

namespace attribution {

void normalise(passthrough_referrer& rule, read_report& report) {
  if (report.has_fault("domain"))
    return;
  auto text = without_scheme(trimmed(rule.domain));
  if (text.ends_with('/'))
    text.remove_suffix(1);
  auto name = to_ascii_domain(text);
  // check_limits reports texts that are empty or too long.
  const bool has_length = !text.empty() && code_points(name ? *name : text) <= 255;
  if (has_length && (!name || !is_domain_name(*name)))
    report.faults.push_back({body_path("domain"),
                             "Domain should be a name such as booking.example.com, without port, "
                             "path or wildcard, and no IP address",
                             "value_error"});
  rule.domain = name ? std::move(*name) : std::string(text);
}

} // namespace attribution
} // namespace headwater
