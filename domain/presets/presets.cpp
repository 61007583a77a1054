#include "domain/presets/presets.hpp"

#include "domain/core/text.hpp"
#include "domain/lint/known_hosts.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/rules/rule_kind.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

constexpr std::array<std::string_view, 9> payment{
    "Wallets",           "Stripe",         "Adyen",          "Pay later",     "European gateways",
    "American gateways", "Other gateways", "Shop checkouts", "Bank transfer",
};
constexpr std::array<std::string_view, 1> three_d_secure{"3-D Secure"};
constexpr std::array<std::string_view, 4> booking{"Hotel booking engines", "Tours and tickets",
                                                  "Restaurant reservations", "Scheduling"};
constexpr std::array<std::string_view, 3> identity{"Sign-in", "Identity services",
                                                   "Electronic identity"};

constexpr std::array presets{
    preset{"payment", "Payment",
           "Payment pages, wallets, pay-later lenders and checkouts on which a buyer pays and from "
           "which they return to the shop, so that the sale counts for what brought them there.",
           payment},
    preset{"three_d_secure", "3-D Secure",
           "Access control servers on which a bank asks its customer to confirm a card payment; "
           "every bank may have its own, so declare return paths as well.",
           three_d_secure},
    preset{"booking", "Booking",
           "Booking engines, ticket shops, table reservations and scheduling pages that show a "
           "site's offers on a domain of their own.",
           booking},
    preset{"identity", "Identity",
           "Logins of large makers, identity services and electronic identities, from which a "
           "visitor returns signed in.",
           identity},
    preset{
        "own_mail",
        "Own mail",
        "Webmail and safe-link hosts, for sites whose visitors confirm an address or fetch a code "
        "from a mail in between; with it, a visit from mail keeps the session that it finds, and "
        "a visit without one counts as email.",
        {}},
};

bool belongs_to(const preset& of, const known_host& one) {
  return std::ranges::find(of.groups, one.group) != of.groups.end();
}

passthrough_referrer rule_for(const preset& of, const known_host& one) {
  passthrough_referrer out;
  out.domain = one.host;
  out.service_name = one.group;
  if (of.groups.empty()) {
    // As the step for mail calls it, with a pack and without: never like a search engine.
    const auto* known = source_lists::shipped()->of_host(one.host, host_kind::domain);
    out.utm.source = known ? std::string(known->source) : ascii_lower(one.group);
    out.utm.medium = "email";
  } else {
    // No name: that of a search engine or a shop would count as its visit in reports.
    out.utm.source = one.host;
  }
  return out;
}

/// The bit of the field by which rules are told apart, and no other: what an existing rule says is
/// left alone.
std::uint64_t only_domain() {
  std::uint64_t bit = 1;
  for (const auto& field : fields_of<passthrough_referrer>()) {
    if (field.spec.name == rule_kind<passthrough_referrer>::unique_field)
      return bit;
    bit <<= 1;
  }
  return 0;
}

} // namespace

std::span<const preset> all_presets() {
  return presets;
}

const preset* find_preset(std::string_view name) {
  const auto* const found = std::ranges::find(presets, name, &preset::name);
  return found == presets.end() ? nullptr : found;
}

std::vector<passthrough_referrer> rules_of(const preset& of) {
  std::vector<passthrough_referrer> out;
  for (const auto& one : of.groups.empty() ? own_mail_hosts() : usual_passthrough_hosts())
    if (of.groups.empty() || belongs_to(of, one))
      out.push_back(rule_for(of, one));
  std::ranges::stable_sort(out, {}, &passthrough_referrer::service_name);
  return out;
}

import_rows<passthrough_referrer> rows_of(const preset& of) {
  import_rows<passthrough_referrer> out;
  out.missing_only = true;
  for (auto& rule : rules_of(of))
    out.rows.push_back({std::move(rule), out.rows.size() + 1, only_domain()});
  return out;
}

void render_presets(json_writer& out) {
  out.begin_object().key("presets").begin_array();
  for (const auto& each : presets) {
    out.begin_object().member("name", each.name).member("title", each.title);
    out.member("description", each.description).key("rules").begin_array();
    for (const auto& rule : rules_of(each)) {
      out.begin_object().member("domain", rule.domain).member("utm_source", rule.utm.source);
      out.member("utm_medium", rule.utm.medium).member("service_name", rule.service_name);
      out.end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
}

} // namespace headwater::attribution
