#pragma once

// Where a visit came from: the fourteen steps of docs/rules.md, of which the first that applies
// decides. Pure and stateless; called on any thread with the account's rule_set.

#include "domain/core/error.hpp"
#include "domain/hosts/ai_platforms.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/resolve/attribution.hpp"
#include "domain/resolve/rule_set.hpp"

namespace headwater::attribution {

/// errc::validation_error, field "body.url", if a visit's URL is unusable (see host_of_url).
[[nodiscard]] result<void> check_url(std::string_view url, const source_lists& lists);

/// The error of check_url(), if the visit's URL has one; every other visit has an attribution.
/// `draft` names the rules of a drafted set.
[[nodiscard]] result<attribution_result>
resolve(const rule_set& rules, const ai_platforms& platforms, const source_lists& lists,
        const visit& of, bool explained, const draft_marks* draft = nullptr);

/// The same with an explanation that goes on after the step that decided: each step has what the
/// visit would be attributed to if no step before it applied. Costs up to three times as much.
[[nodiscard]] result<attribution_result>
resolve_all_steps(const rule_set& rules, const ai_platforms& platforms, const source_lists& lists,
                  const visit& of, const draft_marks* draft = nullptr);

} // namespace headwater::attribution
