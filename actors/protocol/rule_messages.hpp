#pragma once

// Values that travel to accounts, their registry, the compiler, the importer, and to whoever
// reads what rules are and were.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/log_messages.hpp"
#include "domain/hosts/host.hpp"
#include "domain/resolve/rule_set.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rules.hpp"
#include "domain/rules/transfer/rule_import_reader.hpp"
#include "domain/rules/transfer/rule_restore.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
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

/// What became of an import, and the version of the rules since when it holds.
struct import_outcome {
  attribution::import_counts counts;
  std::uint64_t version = 0;
};

/// What became of putting rules back: as of when, what that changed, and the version since when.
struct restore_outcome {
  attribution::rules_point as_of;
  attribution::restore_counts counts;
  std::uint64_t version = 0;
};

/// What became of a rule command: the rule as it stands afterwards, nothing after a delete.
struct rule_outcome {
  rule_resource rule;
  std::optional<import_outcome> imported;  ///< of an import, which shows no rule
  std::optional<restore_outcome> restored; ///< likewise
  std::vector<std::string> ignored_fields;
  bool replayed = false; ///< answered from an earlier use of the Idempotency-Key
};
using rule_reply = result<rule_outcome>;

class loaded_account; // loaded_account.hpp
using loaded_account_ptr = std::shared_ptr<loaded_account>;
using loaded_account_reply = result<loaded_account_ptr>;

using compiled_ptr = std::shared_ptr<const attribution::compiled_rules>;

/// The newest rules of an account, once it is their turn.
struct compile_newest {
  loaded_account_ptr loaded;
};

/// Rules that nobody has seen yet.
struct compile_these {
  rules_ptr rules;
};

/// Rules to keep a state of.
struct keep_rules {
  std::string account_id;
  rules_ptr rules;
};

/// The document of an import. `rules` are those of a dry run.
template <class Rule>
struct prepare_import {
  std::shared_ptr<const std::string> body;
  attribution::import_format format = attribution::import_format::json;
  attribution::import_options options;
  attribution::import_mode mode = attribution::import_mode::merge;
  bool is_dry_run = false;
  rules_ptr rules;
  std::string request_line; ///< what an idempotency fingerprint has before the body
  steady_time waits_until;  ///< nobody wants the answer any more after this
};

/// Its rows, ready for the account; of a dry run also what they would do.
template <class Rule>
struct prepared_import {
  std::shared_ptr<const attribution::import_rows<Rule>> rows;
  std::shared_ptr<const attribution::import_plan<Rule>> plan; ///< null but for a dry run
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

/// An account's rules as the log has them, and compiled where they are many.
struct loaded_rules {
  rules_ptr rules;
  compiled_ptr compiled;           ///< null where they are few
  std::uint64_t state_version = 0; ///< of the kept state that replay began with; 0: with none
  std::size_t replayed_bytes = 0;  ///< payload of the events since
};
using rules_reply = result<loaded_rules>;

/// Asks what is probably wrong with an account's rules.
struct lint_request {
  std::string account_id;
  rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled; ///< of `rules`, or of a version beside it
  std::vector<attribution::host> sites; ///< of the account, besides those of its connections
  std::size_t offset = 0;
  std::size_t limit = 0;
  steady_time waits_until; ///< nobody wants the answer any more after this
};

/// The findings as the JSON that is answered.
struct lint_outcome {
  std::string json;
};
using lint_reply = result<lint_outcome>;

/// A point of an account's past as a request names it.
struct asked_point {
  location at;                          ///< query, as_of: for what is wrong with it
  std::string text;                     ///< as it was sent
  std::optional<std::uint64_t> version; ///< the last event of it; else all events up to `time`
  micros time = 0;
};

/// Asks for an account's rules as they were.
struct recall_rules {
  std::string account_id;
  asked_point at;
  bool compile = false;    ///< for the resolver, too
  bool hash = false;       ///< state_hash, too
  rules_ptr plan_from;     ///< if there: also what putting them back would do to these
  steady_time waits_until; ///< nobody wants the answer any more after this
};
struct recalled_rules {
  attribution::rules_point point;
  rules_ptr rules;
  std::shared_ptr<const attribution::rule_set> compiled;    ///< null where nobody asked
  std::shared_ptr<const attribution::restore_plan> planned; ///< likewise
  digest state_hash{};                                      ///< zeros where nobody asked
};

/// errc::validation_error for a version that is not there yet.
using recall_reply = result<recalled_rules>;

/// Asks what happened to an account's rules between two points.
struct compare_rules {
  std::string account_id;
  asked_point from;
  asked_point to;
  steady_time waits_until;
};

/// The differences as the JSON that is answered.
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
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::lint_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::lint_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::recall_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::recall_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::compare_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::comparison_reply)
