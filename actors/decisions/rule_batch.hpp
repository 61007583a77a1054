#pragma once

// A batch of rule commands on its way through decide, append and apply. Pure except for the salts;
// owned by the account actor, which passes in the answers of reader and journal.

#include "actors/decisions/refused_purpose.hpp"
#include "actors/protocol/interfaces.hpp"

#include <map>
#include <string>
#include <vector>

namespace headwater::actors {

/// The fate of one command: a refusal, an earlier answer, or an event to append (nothing for a
/// no-op).
struct decided_rule {
  result<rule_outcome> outcome = rule_outcome{};
  std::optional<attribution::rule_event> event;
  std::int64_t id = 0;
  bool is_settled = false;            ///< `outcome` is final: a refusal or a replayed answer
  std::optional<std::size_t> same_as; ///< an earlier command of this batch with the same key
};

struct rule_batch {
  std::vector<decided_rule> decided;            ///< one for each command, in order
  store::append_request append;                 ///< no commands: nothing to make durable
  write_purpose purpose = write_purpose::frees; ///< of the most demanding command to append
};

/// Decides `requests` in order against a copy of `rules`. `uses` says, for each request with a key,
/// where the key was used before. What was `refused` gets that error instead of an event.
[[nodiscard]] rule_batch decide_batch(const std::string& account_id,
                                      const attribution::account_rules& rules,
                                      const std::vector<const rule_request*>& requests,
                                      const used_keys& uses, const attribution::rule_limits& limits,
                                      const std::optional<refused_purpose>& refused = {});

/// Advances the rules by the durable events and fills in the outcomes. errc::corrupt_log if a
/// freshly decided event does not fit, which would be a bug in decide().
[[nodiscard]] result<rules_ptr> apply_batch(rule_batch& batch,
                                            const attribution::account_rules& rules,
                                            const std::vector<store::event_header>& headers);

} // namespace headwater::actors
