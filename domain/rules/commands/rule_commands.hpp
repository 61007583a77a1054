#pragma once

// What a client can ask to change about an account's rules, and the decision on it. Pure: state and
// command in, event or error out. The account actor calls decide() and, once the event is durable,
// apply().

#include "domain/core/preconditions.hpp"
#include "domain/json/json_value.hpp"
#include "domain/rules/commands/chosen_change.hpp"
#include "domain/rules/normalisation.hpp"
#include "domain/rules/rule_events.hpp"
#include "domain/rules/transfer/rule_import.hpp"
#include "domain/rules/transfer/rule_restore.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headwater::attribution {

/// `strict` is "Prefer: handling=strict": unknown fields are faults.
template <class Rule>
struct create_rule {
  draft body;
  bool strict = false;
};
template <class Rule>
struct update_rule {
  std::int64_t id = 0;
  draft body;
  bool strict = false;
  preconditions precondition = {};
};
template <class Rule>
struct delete_rule {
  std::int64_t id = 0;
  preconditions precondition = {};
};
/// A PATCH of the account's attribution settings.
struct update_settings {
  draft body;
  bool strict = false;
  preconditions precondition = {};
};
using create_passthrough_referrer = create_rule<passthrough_referrer>;
using update_passthrough_referrer = update_rule<passthrough_referrer>;
using delete_passthrough_referrer = delete_rule<passthrough_referrer>;
using create_referrer_mapping = create_rule<referrer_mapping>;
using update_referrer_mapping = update_rule<referrer_mapping>;
using delete_referrer_mapping = delete_rule<referrer_mapping>;

/// Rows are read and normalised before they get here, because 50,000 of them take a while.
template <class Rule>
struct import_rules {
  std::shared_ptr<const import_rows<Rule>> rows;
  import_mode mode = import_mode::merge;
};

/// The same fields set in many rules, worked out before, likewise. The precondition's tag is that
/// of all rules: `"<version>"`.
template <class Rule>
struct change_rules {
  std::shared_ptr<const chosen_change<Rule>> change;
  preconditions precondition = {};
};

/// Removes many rules. The precondition is as in change_rules.
template <class Rule>
struct delete_rules {
  std::vector<std::int64_t> ids; ///< each once
  preconditions precondition = {};
};

/// `then` is an earlier state of the account. The caller replays it, because that reads the log.
struct restore_rules {
  std::shared_ptr<const account_rules> then;
  rules_point as_of;                          ///< of `then`
  std::optional<restored_choice> chosen = {}; ///< nothing: all rules, and the settings
};

using rule_command =
    std::variant<create_passthrough_referrer, update_passthrough_referrer,
                 delete_passthrough_referrer, create_referrer_mapping, update_referrer_mapping,
                 delete_referrer_mapping, import_rules<passthrough_referrer>,
                 import_rules<referrer_mapping>, change_rules<passthrough_referrer>,
                 change_rules<referrer_mapping>, delete_rules<passthrough_referrer>,
                 delete_rules<referrer_mapping>, restore_rules, update_settings>;

struct rule_limits {
  std::size_t max_per_kind = 50'000; ///< per account
};

struct decision {
  std::optional<rule_event> event; ///< nothing: the command changes nothing
  std::int64_t id = 0;             ///< of the rule concerned; 0 where it is not about one
  std::vector<std::string> ignored_fields;
  /// Of an import or a change of many rules, also of one that changes nothing.
  std::optional<import_counts> imported = {};
  std::optional<restore_counts> restored = {};    ///< of a restore, likewise
  std::optional<normalised_text> normalised = {}; ///< where a create or an update changed the text
};

/// Errors in this order: not_found, validation_error (all faults at once), max_entries_reached,
/// precondition_failed, duplicate_entry (with existing_id). In a change of many rules, those that
/// are not there and those in the way are faults of the body.
[[nodiscard]] result<decision> decide(const account_rules& state, const rule_command& command,
                                      const rule_limits& limits);

/// Whether decide() would accept a restore that is planned for `now`: errc::max_entries_reached if
/// the account may not have that many rules.
[[nodiscard]] result<void> check_restore(const account_rules& now, const restore_plan& plan,
                                         const rule_limits& limits);

/// The members of a create command's body that decide() ignores, whatever the outcome. No event
/// records them, so a replayed answer takes them from the request again. Empty for other commands.
[[nodiscard]] std::vector<std::string> ignored_fields(const rule_command& command);

/// The domain or pattern of a create command as it was sent, from which a replayed answer says how
/// it was normalised. Nothing for other commands.
[[nodiscard]] std::optional<std::string> created_text(const rule_command& command);

} // namespace headwater::attribution
