#pragma once

// Why the resolver decided as it did, step by step, in words that need no knowledge of the service.
// Made after the decision from what the resolver found, so that visits that need no explanation pay
// nothing. Pure, any thread.

#include "domain/hosts/ai_platforms.hpp"
#include "domain/hosts/host.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/resolve/attribution.hpp"
#include "domain/resolve/landing.hpp"
#include "domain/resolve/rule_set.hpp"

#include <optional>
#include <vector>

namespace headwater::attribution {

/// A visit after its way through the steps. Views of what resolve() holds.
struct walked_visit {
  const rule_set& rules;
  const ai_platforms& platforms;
  const source_lists& lists;
  const visit& of;
  const host& page;
  const std::optional<host>& referrer;
  const std::optional<host>& spam;      ///< a referrer that counts as none because of its host
  const landing& tags;                  ///< of the landing URL
  const passthrough_referrer* covering; ///< the rule that covers the referrer, or null
  const std::string* return_path;       ///< that of the settings which decided, or null
  const referrer_mapping* mapping;      ///< the mapping that decided, or null
  const known_source* known;            ///< what the lists say of the referrer's host, or null
  const attribution_result& result;     ///< without its explanation
  const draft_marks* draft;             ///< null: the rules are as stored
  int step;                             ///< the one that decided
  bool is_alone = false;                ///< the steps before it were left out
};

/// The steps tried, from 1 to the one that applied.
[[nodiscard]] std::vector<step_explanation> explain(const walked_visit& walked);

/// One step of a visit that was tried on it alone; `applies`: it would have decided.
[[nodiscard]] step_explanation explain_alone(const walked_visit& walked, int number, bool applies);

} // namespace headwater::attribution
