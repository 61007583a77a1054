#pragma once

// An account's rules as of one moment, for a long read such as a batch of a million visits. Owned
// by that read, on its thread.
//
// Invariant: get() always returns the same version, however the account changes; only its cost
// falls.

#include "actors/shared/loaded_account.hpp"

namespace headwater::actors {

class pinned_rules {
public:
  /// The rules as of now.
  explicit pinned_rules(loaded_account_ptr loaded);

  [[nodiscard]] const std::shared_ptr<const attribution::rule_set>& get() const { return set_; }

  /// Adopts rules compiled in the meantime if that leaves less to scan linearly. Called now and
  /// then; costs next to nothing once nothing is left to scan.
  void renew();

private:
  loaded_account_ptr loaded_;
  rules_ptr rules_;
  std::shared_ptr<const attribution::rule_set> set_; // from rules_
  compiled_ptr seen_;                                // the last one tried
};

} // namespace headwater::actors
