#pragma once

// A domain that keeps the visitor's session attribution (the vendor's document "Passthrough
// Referrers"). A pure value; account_rules owns the current ones, immutable behind shared pointers.

#include "domain/json/fields.hpp"
#include "domain/rules/utm.hpp"

#include <cstdint>
#include <string>

namespace headwater::attribution {

struct passthrough_referrer {
  std::int64_t id = 0;
  std::string domain;
  utm_values utm{.source = {}, .medium = "passthrough", .campaign = {}, .term = {}, .content = {}};
  std::string service_name;
  bool is_active = true;

  // Set by account_rules::apply, not part of an event's payload.
  micros created_at = 0;
  micros updated_at = 0;
  std::uint64_t revision = 0; ///< sequence of the event that last changed it

  bool operator==(const passthrough_referrer&) const = default;
};

/// Brings the domain into its stored form: strips blanks around it, the scheme and one trailing
/// slash, lowercases, converts IDNA to ASCII. Reports a value_error if the result is not a domain.
void normalise(passthrough_referrer& rule, read_report& report);

} // namespace headwater::attribution

namespace headwater {
template <>
field_table<attribution::passthrough_referrer> fields_of<attribution::passthrough_referrer>();
}
