#pragma once

// Messages to accounts, their registry, the compiler and the importer, and those for reading
// present and past rules.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/log_messages.hpp"
#include "domain/hosts/ai_platforms.hpp"
#include "domain/hosts/host.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/resolve/rule_set.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rules.hpp"
#include "domain/rules/transfer/rule_import_reader.hpp"
#include "domain/rules/transfer/rule_restore.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headwater::actors {

using rules_ptr = std::shared_ptr<const attribution::account_rules>;
using rule_resource =
    std::variant<std::monostate, std::shared_ptr<const attribution::passthrough_referrer>,
                 std::shared_ptr<const attribution::referrer_mapping>>;

struct rule_request {
  origin by;
  attribution::rule_command command;
  steady_time sent = std::chrono::steady_clock::now();
};

/// The result of an import or of a change of chosen rules, and the version of the rules from which
/// on it holds.
struct import_outcome {
  attribution::import_counts counts;
  std::uint64_t version = 0;
};

/// The result of a restore: which point was restored, what that changed, and the version from which
/// on it holds.
struct restore_outcome {
  attribution::rules_point as_of;
  attribution::restore_counts counts;
  std::uint64_t version = 0;
};

/// The settings of attribution after a command about them.
struct settings_outcome {
  std::shared_ptr<const attribution::attribution_settings> settings; ///< set in every answer
  std::uint64_t revision = 0;
};

/// The result of a rule command: the rule as it is afterwards, nothing after a delete.
struct rule_outcome {
  rule_resource rule;
  std::optional<settings_outcome> settings; ///< of a command about them, which returns no rule
  std::optional<import_outcome> imported;   ///< of many rules at once, none of which it returns
  std::optional<restore_outcome> restored;  ///< likewise
  std::vector<std::string> ignored_fields;
  std::optional<attribution::normalised_text> normalised;
  bool replayed = false; ///< answered from an earlier use of the Idempotency-Key
};
using rule_reply = result<rule_outcome>;

class loaded_account; // loaded_account.hpp
using loaded_account_ptr = std::shared_ptr<loaded_account>;
using loaded_account_reply = result<loaded_account_ptr>;

using compiled_ptr = std::shared_ptr<const attribution::compiled_rules>;

/// The newest rules of an account at the time of its turn.
struct compile_newest {
  loaded_account_ptr loaded;
};

/// Rules that are not published yet.
struct compile_these {
  rules_ptr rules;
};

/// Rules to store as a kept state.
struct keep_rules {
  std::string account_id;
  rules_ptr rules;
};

/// The document of an import. `rules` are given for a dry run only.
template <class Rule>
struct prepare_import {
  std::shared_ptr<const std::string> body;
  attribution::import_format format = attribution::import_format::json;
  attribution::import_options options;
  attribution::import_mode mode = attribution::import_mode::merge;
  bool is_dry_run = false;
  rules_ptr rules;
  std::string request_line; ///< the part of an idempotency fingerprint before the body
  steady_time waits_until;  ///< the caller gives up at this time
};

/// Its rows, ready for the account; for a dry run also what they would change.
template <class Rule>
struct prepared_import {
  std::shared_ptr<const attribution::import_rows<Rule>> rows;
  std::shared_ptr<const attribution::import_plan<Rule>> plan; ///< null unless it is a dry run
  digest fingerprint{};
};

template <class Rule>
using prepared_reply = result<prepared_import<Rule>>;

using prepare_referrers = prepare_import<attribution::passthrough_referrer>;
using prepare_mappings = prepare_import<attribution::referrer_mapping>;
using prepared_referrers = prepared_reply<attribution::passthrough_referrer>;
using prepared_mappings = prepared_reply<attribution::referrer_mapping>;

/// From the eraser: ends an erased account's actor.
struct close_account {
  std::string account_id;
};

struct acquire_account {
  std::string account_id;
};

struct load_rules {
  std::string account_id;
};

/// Asks for the AI platforms that count for an account's visits now, and keeps them with it.
struct find_platforms {
  loaded_account_ptr loaded;
  std::string account_id;                       ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
using platforms_reply = result<attribution::ai_platforms_ptr>; ///< never null

/// An account's rules as in the log, and compiled if there are many.
struct loaded_rules {
  rules_ptr rules;
  compiled_ptr compiled;           ///< null if there are few
  std::uint64_t state_version = 0; ///< of the kept state that replay began with; 0: none
  std::size_t replayed_bytes = 0;  ///< payload of the events since
};
using rules_reply = result<loaded_rules>;

/// Asks for lint findings on an account's rules.
struct lint_request {
  std::string account_id;
  rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled; ///< of `rules`, or of a version near it
  std::shared_ptr<const attribution::source_lists> lists = attribution::source_lists::shipped();
  std::vector<attribution::host> sites; ///< of the account, besides those of its connections
  std::size_t offset = 0;
  std::size_t limit = 0;
  steady_time waits_until; ///< the caller gives up at this time
};

/// The findings as the JSON of the answer.
struct lint_outcome {
  std::string json;
};
using lint_reply = result<lint_outcome>;

/// Work that takes long and waits for nothing, such as parsing a large body.
struct background_work {
  std::string account_id;    ///< whose turn it takes
  std::function<void()> run; ///< owns all that it uses: the caller may give up before it ends
  steady_time waits_until;   ///< the caller gives up at this time
};
using background_reply = result<void>;

/// A point in an account's past, as named in a request.
struct asked_point {
  location at;                          ///< query, as_of: where to report faults of it
  std::string text;                     ///< as it was sent
  std::optional<std::uint64_t> version; ///< the last event of it; else all up to `time`
  micros time = 0;
};

/// Asks for an account's rules as they were at a point.
struct recall_rules {
  std::string account_id;
  asked_point at;
  bool compile = false;   ///< also compile them for the resolver
  bool hash = false;      ///< also compute state_hash
  bool platforms = false; ///< also find out which AI platforms counted then
  rules_ptr plan_from;    ///< if set, also plan what restoring them would change about these
  std::optional<attribution::restored_choice> chosen = {}; ///< restore these alone
  steady_time waits_until;                                 ///< the caller gives up at this time
};
struct recalled_rules {
  attribution::rules_point point;
  rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled;    ///< null unless asked for
  std::shared_ptr<const attribution::restore_plan> planned; ///< likewise
  digest state_hash{};                                      ///< zeros unless asked for
  attribution::ai_platforms_ptr platforms = nullptr;        ///< null unless asked for
  std::size_t own_entries = 0; ///< how many of `platforms` the brands had added
};

/// errc::validation_error for a version that does not exist yet, or as plan_restore() has it.
using recall_reply = result<recalled_rules>;

/// Asks what happened to an account's rules between two points.
struct compare_rules {
  std::string account_id;
  asked_point from;
  asked_point to;
  steady_time waits_until;
  bool sees_operators = false; ///< the asker may know the names of tokens for all accounts
};

/// The differences as the JSON of the answer.
struct rule_comparison {
  std::string json;
};
using comparison_reply = result<rule_comparison>;

} // namespace headwater::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::rule_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::rule_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::compile_newest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::compile_these)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::compiled_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::prepare_referrers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::prepare_mappings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::prepared_referrers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::prepared_mappings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::acquire_account)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::close_account)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::loaded_account_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::keep_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::load_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::rules_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_platforms)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::platforms_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::lint_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::lint_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::background_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::background_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::recall_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::recall_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::compare_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::comparison_reply)
