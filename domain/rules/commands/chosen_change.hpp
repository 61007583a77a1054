#pragma once

// A change of chosen rules, all or nothing: the same fields are set in each of them, or all are
// removed. Pure.
//
// Setting a match type compiles up to a thousand regular expressions, so a change is worked out in
// the background, on the rules as they are then, and decided later: what has been worked out holds
// for each rule that is still the same, and the others are worked out anew.

#include "domain/core/preconditions.hpp"
#include "domain/rules/commands/chosen_rules.hpp"
#include "domain/rules/normalisation.hpp"
#include "domain/rules/rule_store.hpp"
#include "domain/rules/transfer/rule_import.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace headwater::attribution {

template <class Rule>
struct chosen_change {
  struct row {
    std::int64_t id = 0;
    std::size_t index = 0;                        ///< in "ids"
    std::shared_ptr<const Rule> before = nullptr; ///< null: there is no such rule
    Rule after = {};
    std::vector<fault> faults = {};
  };
  struct normalised_rule {
    std::int64_t id = 0;
    normalised_text text;
  };

  std::vector<row> rows;                   ///< each id once
  draft set;                               ///< members that are fields of a rule
  std::vector<fault> faults;               ///< of the body, whatever the rules are
  std::vector<std::string> ignored_fields; ///< "colour", "set.colour"; at most max_told_faults
  std::vector<normalised_rule> normalised; ///< at most max_told_faults
};

/// What the body does to the rules. `strict` is "Prefer: handling=strict": unknown members are
/// faults.
template <class Rule>
[[nodiscard]] chosen_change<Rule> work_out(const rule_store<Rule>& rules, chosen_rules body,
                                           bool strict);

/// The same as a plan over the rules of now, whose version is the tag of the precondition:
/// `"<version>"`. errc::validation_error with all faults, among them ids without a rule and texts
/// that another rule has; errc::precondition_failed, once the body has none of its own;
/// errc::service_unavailable if so many rules have changed meanwhile that it should be worked out
/// again.
template <class Rule>
[[nodiscard]] result<import_plan<Rule>>
plan_change(const rule_store<Rule>& now, std::uint64_t version, const chosen_change<Rule>& change,
            const preconditions& precondition);

/// The removal of these rules, each of which is named once; the precondition is as in a change.
/// errc::validation_error, field "query.ids", for ids without a rule.
template <class Rule>
[[nodiscard]] result<import_plan<Rule>>
plan_removal(const rule_store<Rule>& now, std::uint64_t version, std::vector<std::int64_t> ids,
             const preconditions& precondition);

/// Bytes that a change of so many rules takes, at most and about.
[[nodiscard]] std::size_t memory_to_work_out(const chosen_rules& of);

} // namespace headwater::attribution
