#pragma once

// An account's rules as they were, by replaying its stream up to a point, and the differences
// between two points. Runs in the historian, a dedicated reader; blocks on the disk.

#include "actors/protocol/rule_messages.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <list>

namespace headwater::actors {

/// The last few states recalled, so that several questions about one moment replay only once, and a
/// question about a later moment replays only the events in between. Owned by one reader, on its
/// thread. At most 8 states with 100,000 rules in all, but always the newest state.
class recollections {
public:
  struct state {
    std::string account_id;
    rules_ptr rules;
    std::shared_ptr<const attribution::rule_set> compiled; ///< null until asked for
  };

  /// The newest state kept here that is not newer than `version`; null if there is none.
  [[nodiscard]] state* find(const std::string& account_id, std::uint64_t version);
  /// Keeps the state, or returns the same one if already kept. The reference is valid until the
  /// next call.
  state& keep(const std::string& account_id, rules_ptr rules);

private:
  void shrink();

  std::list<state> states_; // most recently used first
};

/// Which version a point in an account's past has, and its time. errc::validation_error if the
/// version does not exist yet, errc::corrupt_log.
[[nodiscard]] result<attribution::rules_point>
locate(const store::event_log& log, const std::string& account_id, const asked_point& at);

/// errc::validation_error if the version does not exist yet, errc::service_unavailable if the
/// caller has given up, errc::corrupt_log.
[[nodiscard]] recall_reply recall(const store::event_log& log, recollections& past,
                                  const recall_rules& wanted);

/// The same, and errc::validation_error if `from` comes after `to`. The tables have the names of
/// tokens.
[[nodiscard]] comparison_reply compare(const store::event_log& log,
                                       const store::table_store& tables, recollections& past,
                                       const compare_rules& wanted);

} // namespace headwater::actors
