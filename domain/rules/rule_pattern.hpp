#pragma once

// What is attached to a rule besides its value when it goes into an account's state.

#include "domain/matching/regex.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <memory>

namespace headwater::attribution {

/// Attaches a compiled pattern to a regex mapping; an unchanged pattern keeps the one it had.
inline void attach_pattern(referrer_mapping& rule, const referrer_mapping* before,
                           const std::shared_ptr<regex_memory>& memory) {
  rule.compiled.regex = nullptr;
  if (rule.match_type != match_type::regex)
    return;
  if (before && before->compiled.regex && before->referrer_pattern == rule.referrer_pattern)
    rule.compiled = before->compiled;
  else
    rule.compiled.regex = std::make_shared<const lazy_regex>(rule.referrer_pattern, memory);
}
inline void attach_pattern(passthrough_referrer&, const passthrough_referrer*,
                           const std::shared_ptr<regex_memory>&) {}

} // namespace headwater::attribution
