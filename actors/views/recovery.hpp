#pragma once

// How an account gets into memory: from its newest kept state and the events after it, or from
// all of its events. Both give the same rules; a state only saves time. These functions block on
// the disk.

#include "actors/protocol/rule_messages.hpp"
#include "domain/rules/rule_events.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <functional>

namespace headwater::actors {

/// Applies a recorded event; `see` is called with it and its decoded form, and may fail.
/// errc::corrupt_log names the event.
using event_witness =
    std::function<result<void>(const attribution::rule_event&, const store::recorded_event&)>;
[[nodiscard]] result<void> apply_recorded(attribution::account_rules& rules,
                                          const store::recorded_event& event,
                                          const event_witness& see = {});

/// An account's rules from all of its events, which every recovery must equal. errc::corrupt_log
/// names stream and sequence of an event that cannot be read or applied.
[[nodiscard]] rules_reply replay_rules(const store::event_log& log, const std::string& account_id);

/// The same from a kept state, if there is one. An unusable state is logged and skipped in favour
/// of an older one, or none.
[[nodiscard]] rules_reply recover_rules(const store::event_log& log,
                                        const store::table_store& tables,
                                        const std::string& account_id);

} // namespace headwater::actors
