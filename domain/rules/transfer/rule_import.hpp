#pragma once

// An import: rows in their stored form (rule_import_reader.hpp reads them), and what they do to an
// account's rules. Pure.
//
// A row belongs to the rule with the row's id, else to the rule with its text; if there is neither,
// it becomes a new rule under a new id. Of the rules without a row, merge keeps all and replace
// removes all. If a row has no value for a field, merge leaves the rule's value; in replace, and in
// a new rule, the field gets its default.

#include "domain/rules/imported_payload.hpp"
#include "domain/rules/normalisation.hpp"
#include "domain/rules/rule_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace headwater::attribution {

template <class Rule>
struct import_row {
  Rule rule;               ///< id 0: the row names none, or that of another account's rule
  std::size_t line = 0;    ///< where the row starts in its document, from 1
  std::uint64_t given = 0; ///< one bit for each field of the table, in order, that the row has
  bool is_faulty = false;  ///< reported in `faults`; its id still counts
};

/// A document as read. Rows are numbered from 0, also in faults.
template <class Rule>
struct import_rows {
  std::vector<import_row<Rule>> rows;
  std::vector<fault> faults; ///< at least one of each faulty row; of more the first max_told_faults
  std::int64_t fault_count = 0;
  std::vector<std::string> ignored_fields; ///< at most max_told_faults
  normalised_rows normalised;
  bool missing_only = false; ///< rows that an active rule of a parent domain covers change nothing
  char delimiter = 0;        ///< what separates the columns of CSV; 0 of any other document
};

template <class Rule>
struct import_plan {
  struct planned {
    Rule rule; ///< as it will be, except times and revision
    std::size_t line = 0;
    std::shared_ptr<const Rule> before; ///< null for a new rule
  };
  std::vector<planned> added;
  std::vector<planned> changed;
  std::vector<std::shared_ptr<const Rule>> removed;
  std::int64_t unchanged = 0;
};

/// What the rows do to the rules. errc::validation_error with the faults of the document and, in
/// merge, texts that belong to a rule without a row; errc::max_entries_reached beyond `most`.
template <class Rule>
[[nodiscard]] result<import_plan<Rule>> plan_import(const rule_store<Rule>& rules,
                                                    const import_rows<Rule>& rows, import_mode mode,
                                                    std::size_t most);

template <class Rule>
[[nodiscard]] import_counts counts_of(const import_plan<Rule>& plan, import_mode mode);

/// Nothing if the plan changes nothing.
template <class Rule>
[[nodiscard]] std::optional<rules_imported<Rule>> to_event(import_plan<Rule> plan,
                                                           import_mode mode);

/// "body, 12, utm_source" for "body, utm_source" in row 12.
[[nodiscard]] location row_path(std::size_t row, const location& in_body);

/// The faults of an import, of which `count` were found.
[[nodiscard]] error import_failure(std::vector<fault> faults, std::int64_t count);

} // namespace headwater::attribution
