#pragma once

// An account's rules as they would be if a draft were stored: the drafted changes go through
// decide() and apply() on a copy of the rules, so a draft gets exactly the errors that storing it
// would get. Pure; nothing is stored. Used on the stack of one request.

#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/commands/rule_draft.hpp"
#include "domain/rules/rule_reference.hpp"
#include "domain/rules/rules.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// An account's rules with a draft applied. New rules have provisional ids, from next_id() on.
struct drafted_rules {
  account_rules rules;
  draft_marks marks;
  std::vector<std::string> ignored_fields; ///< the first ones: "draft.referrer_mappings.add[0].x"
};

/// Applies a draft change by change, so that the caller can let others run in between. Removals
/// come first, then changes, then additions; each in the order of the draft. The settings are one
/// change, before all others.
class drafting {
public:
  /// `strict` is "Prefer: handling=strict": unknown fields are faults.
  drafting(account_rules base, rule_draft changes, bool strict, const rule_limits& limits);

  /// Applies the next change. False if there are no more.
  bool step();

  /// Under "body.draft", without those of the draft's shape; at most max_told_faults.
  [[nodiscard]] const std::vector<fault>& faults() const { return faults_; }
  /// Call it after the last step, for a draft without faults.
  [[nodiscard]] drafted_rules take() && { return std::move(out_); }

private:
  enum class list : std::uint8_t { remove = 1, change, add, settings };
  struct planned {
    rule_command command;
    location path;         ///< body, draft, referrer_mappings, add, 0
    std::string_view kind; ///< of a rule
    std::int64_t index = 0;
    list from = list::add;
  };
  template <class Kind>
  void plan_removals(Kind kind, const drafted_changes& of);
  template <class Kind>
  void plan_changes(Kind kind, drafted_changes& of);
  template <class Kind>
  void plan_additions(Kind kind, drafted_changes& of);

  void report(location path, std::string message, std::string type);
  void report(const planned& change, const error& why);
  void report_duplicate(const planned& change, const error& why);
  void apply(const planned& change, decision decided);

  drafted_rules out_;
  std::vector<planned> planned_;
  std::size_t next_ = 0;
  std::vector<fault> faults_;
  bool strict_;
  rule_limits limits_;
};

} // namespace headwater::attribution
