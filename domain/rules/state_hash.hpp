#pragma once

// A short summary of an account's rules at one point, for comparing two copies: how many there are,
// and the SHA-256 of their canonical form. Pure.

#include "domain/core/digest.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/rules/rules.hpp"

#include <string_view>

namespace headwater::attribution {

/// SHA-256 of account_rules::canonical().
[[nodiscard]] digest state_hash(const account_rules& rules);

/// Appends the members "account_id","passthrough_referrers","referrer_mappings" (of each
/// {"active_count","total"}), "state_hash", "time" (null before the first event), "version",
/// without the braces around them.
void write_state_members(json_writer& out, std::string_view account_id, const rules_point& at,
                         const account_rules& rules, const digest& hash);

} // namespace headwater::attribution
