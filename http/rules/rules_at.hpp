#pragma once

// The rules that a request is about: the current ones, or those of its as_of, which the historian
// replays from the log.

#include "actors/shared/loaded_account.hpp"
#include "http/server/exchange.hpp"

#include <optional>
#include <string>

namespace headwater::http {

/// {"version","time"}
[[nodiscard]] std::string point_as_json(const attribution::rules_point& at);

/// Asks the historian, and waits no longer than a command may take.
[[nodiscard]] awaitable<result<actors::recalled_rules>> recall(exchange& x,
                                                               actors::recall_rules wanted);

struct asked_rules {
  actors::rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled; ///< if asked for
  attribution::ai_platforms_ptr platforms;               ///< to resolve with those of the past
  std::string as_of;                                     ///< for `meta`; empty: the current rules
};

/// What the rules are for: to be shown; to try hosts on them, compiled; or to resolve visits, also
/// with the AI platforms that counted at the point.
enum class for_use : std::uint8_t { showing = 1, trying, resolving };

/// The rules at a point, or without one the current rules, which need no waiting.
[[nodiscard]] awaitable<result<asked_rules>>
rules_asked_for(exchange& x, actors::loaded_account_ptr loaded,
                std::optional<actors::asked_point> as_of, for_use what = for_use::showing);

} // namespace headwater::http
