#pragma once

// Packs of passthrough referrers to start from: hosts that visitors pass through on the way to a
// purchase, a booking or a login, and those of their mail. Nothing applies a pack by itself; an
// account takes it over on demand, as ordinary rules. Constant data, any thread.

#include "domain/json/json_writer.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/transfer/rule_import.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

struct preset {
  std::string_view name;        ///< "three_d_secure", in paths
  std::string_view title;       ///< "3-D Secure"
  std::string_view description; ///< a sentence for a marketer
  /// The groups of the list of usual passthrough hosts that belong to it; none: the list of mail
  /// hosts.
  std::span<const std::string_view> groups;
};

[[nodiscard]] std::span<const preset> all_presets();
/// Null if there is none of the name.
[[nodiscard]] const preset* find_preset(std::string_view name);

/// The pack's rules, by group and host, without ids.
[[nodiscard]] std::vector<passthrough_referrer> rules_of(const preset& of);

/// The pack as an import that adds what is missing: hosts that an active rule covers, or that have
/// a rule of their own, stay as they are.
[[nodiscard]] import_rows<passthrough_referrer> rows_of(const preset& of);

/// Appends {"presets":[{"name","title","description","rules":[{"domain","utm_source","utm_medium",
/// "service_name"}]}]}.
void render_presets(json_writer& out);

} // namespace headwater::attribution
