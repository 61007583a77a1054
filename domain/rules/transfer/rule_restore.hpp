#pragma once

// Putting an account's rules back as they were: what that changes, and the one event that records
// it. Pure. The settings of attribution go with the rules.
//
// Rules keep their ids and created_at. A rule created since is removed, a removed one is put back
// under its old id, a changed one gets its old values. Ids are never reused, so the next ids stay
// as they are.

#include "domain/rules/restored_payload.hpp"
#include "domain/rules/transfer/rule_import.hpp"

namespace headwater::attribution {

class account_rules;

struct changed_settings {
  std::shared_ptr<const attribution_settings> before; ///< never null
  std::shared_ptr<const attribution_settings> after;  ///< likewise
};

/// What a restore does to the rules, in the form of an import's plan. Its `changed` and `added`
/// rules are as they were then, with their times and revision of then.
struct restore_plan {
  import_plan<passthrough_referrer> passthrough_referrers;
  import_plan<referrer_mapping> referrer_mappings;
  std::optional<changed_settings> attribution = {}; ///< nothing where they are the same
};

/// `then` is an earlier state of the same account as `now`.
[[nodiscard]] restore_plan plan_restore(const account_rules& now, const account_rules& then);

/// The ids of the rules that a restore is about, each once; all others and the settings stay as
/// they are.
struct restored_choice {
  std::vector<std::int64_t> passthrough_referrers;
  std::vector<std::int64_t> referrer_mappings;
  bool operator==(const restored_choice&) const = default;
};

/// The same for these rules alone. errc::validation_error, field "query.rules", with each that was
/// not there then and is not there now; errc::duplicate_entry, with existing_id, if a rule that
/// stays has the text of one that is put back.
[[nodiscard]] result<restore_plan> plan_restore(const account_rules& now, const account_rules& then,
                                                const restored_choice& chosen);

[[nodiscard]] restore_counts counts_of(const restore_plan& plan);

/// Nothing if the plan changes nothing.
[[nodiscard]] std::optional<rules_restored> to_event(restore_plan plan, const rules_point& as_of);

} // namespace headwater::attribution
