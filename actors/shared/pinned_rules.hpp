#pragma once

// An account's rules as they were at one moment, for a reader that lasts, such as a batch of a
// million visits. Owned by that reader, on its thread.
//
// Invariant: get() is of one version, however the account changes; only its cost falls.

#include "actors/shared/loaded_account.hpp"

namespace headwater::actors {

class pinned_rules {
public:
  /// As of now.
  explicit pinned_rules(loaded_account_ptr loaded);

  [[nodiscard]] const std::shared_ptr<const attribution::rule_set>& get() const { return set_; }

  /// Takes what was compiled meanwhile, where that leaves less to scan plainly. Called now and
  /// then; costs next to nothing where nothing is left to scan.
  void renew();

private:
  loaded_account_ptr loaded_;
  rules_ptr rules_;
  std::shared_ptr<const attribution::rule_set> set_; // of rules_
  compiled_ptr seen_;                                // the last one that was tried
};

} // namespace headwater::actors
