#pragma once

// An account's rules as they were, by replay of its stream up to a point, and what differs between
// two points. Runs in the historian, a reader of its own; blocks on the disk.

#include "actors/protocol/rule_messages.hpp"
#include "store/log/event_log.hpp"

#include <list>

namespace headwater::actors {

/// The last few states that were recalled, so that a page of questions about one moment replays
/// once, and a later moment replays only what lies between. Owned by one reader, on its thread. At
/// most 8 states, and of those beyond the newest at most 100,000 rules in all.
class recollections {
public:
  struct state {
    std::string account_id;
    rules_ptr rules;
    std::shared_ptr<const attribution::rule_set> compiled; ///< null until it was asked for
  };

  /// The newest kept state of the account that is not newer than `version`; null if none is.
  [[nodiscard]] state* find(const std::string& account_id, std::uint64_t version);
  /// Keeps it, or the same that is kept already. The reference lives until the next call.
  state& keep(const std::string& account_id, rules_ptr rules);

private:
  void shrink();

  std::list<state> states_; // most recently used first
};

/// Which version a point of an account's past is, and when that was. errc::validation_error where
/// the version is not there yet, errc::corrupt_log.
[[nodiscard]] result<attribution::rules_point>
locate(const store::event_log& log, const std::string& account_id, const asked_point& at);

/// errc::validation_error where the version is not there yet, errc::service_unavailable where
/// nobody waits any more, errc::corrupt_log.
[[nodiscard]] recall_reply recall(const store::event_log& log, recollections& past,
                                  const recall_rules& wanted);

/// The same, and errc::validation_error where `from` comes after `to`.
[[nodiscard]] comparison_reply compare(const store::event_log& log, recollections& past,
                                       const compare_rules& wanted);

} // namespace headwater::actors
