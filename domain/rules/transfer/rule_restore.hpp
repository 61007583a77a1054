#pragma once

// Putting an account's rules back as they were: what that changes, and the one event of it. Pure.
//
// Rules keep their ids and created_at. One that came since is removed, one that is gone is put back
// under its old id, one that differs gets its old values. Ids are never used again, so next ids
// stay where they are.

#include "domain/rules/restored_payload.hpp"
#include "domain/rules/transfer/rule_import.hpp"

namespace headwater::attribution {

class account_rules;

/// What putting back does to the rules, in the form of an import's plan. `changed` rules and
/// `added` ones, which are gone now, are as they were, with the times and revision of then.
struct restore_plan {
  import_plan<passthrough_referrer> passthrough_referrers;
  import_plan<referrer_mapping> referrer_mappings;
};

/// `then` is an earlier state of the account that `now` is the newest of.
[[nodiscard]] restore_plan plan_restore(const account_rules& now, const account_rules& then);

[[nodiscard]] restore_counts counts_of(const restore_plan& plan);

/// Nothing where the plan changes nothing.
[[nodiscard]] std::optional<rules_restored> to_event(restore_plan plan, const rules_point& as_of);

} // namespace headwater::attribution
