#pragma once

// What explain=true says about one step: its inputs, the rules it tried, and a sentence; and what
// explain=all says besides. Pure values.

#include "domain/json/json_writer.hpp"
#include "domain/rules/rule_reference.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headwater::attribution {

/// How a rule fared that a step tried; rules are listed in this order.
enum class trial : std::uint8_t {
  decided = 1,
  needs_session,       ///< covers the referrer, but there is no session to keep
  same_priority_later, ///< matches too; the same priority and a higher id
  lower_priority,      ///< matches too
  less_specific,       ///< covers the referrer too, with a shorter domain
  gave_up,             ///< a regular expression that was too costly: counts as no match
  not_run,             ///< not tried, because those before it used up the budget
  no_match,            ///< a regular expression that was run
};

[[nodiscard]] std::string_view to_string(trial what);

struct tried_rule {
  rule_reference rule;
  trial outcome = trial::no_match;
  bool operator==(const tried_rule&) const = default;
};

/// One input, normalised: nothing, yes or no, one text or several.
struct step_input {
  std::string_view name;
  std::variant<std::monostate, bool, std::string, std::vector<std::string>> value;
  bool operator==(const step_input&) const = default;
};

/// The steps of the cascade.
inline constexpr int step_count = 14;

/// How many rules one step lists; the others are only counted.
inline constexpr std::size_t max_tried_rules = 20;

struct attribution_result; // attribution.hpp

struct step_explanation {
  int step = 0; ///< 1 to step_count
  std::string_view name;
  bool applied = false;
  std::string reason; ///< in words for a marketer
  std::vector<step_input> inputs;
  std::vector<tried_rule> rules;
  std::int64_t rules_omitted = 0;
  /// Whether a visit gets as far as this step; nothing unless all steps are explained.
  std::optional<bool> reached = {};
  /// What the visit would be attributed to if no step before this one applied; null if this one
  /// does not apply either, or only the steps tried are explained.
  std::shared_ptr<const attribution_result> would_have = nullptr;
  bool operator==(const step_explanation&) const = default;
};

/// Appends the JSON array that /resolve answers as `explanation`.
void write(json_writer& out, const std::vector<step_explanation>& steps);

} // namespace headwater::attribution
