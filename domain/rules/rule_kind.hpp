#pragma once

// The two kinds of rules, passthrough referrers and referrer mappings: their names, the types of
// their events and the layouts of their payloads. Each of these facts is only here; code for both
// kinds is a template over the rule and looks them up.
//
// The names are in the log, in paths and in answers, so none of them ever changes.

#include "domain/rules/rule_payload.hpp"

#include <string_view>

namespace headwater::attribution {

struct passthrough_referrer;
struct referrer_mapping;

template <class Rule>
struct rule_kind;

template <>
struct rule_kind<passthrough_referrer> {
  using rule = passthrough_referrer;

  static constexpr std::string_view words = "passthrough referrer"; ///< in sentences; + "s"
  static constexpr std::string_view title = "Passthrough referrer"; ///< starts a sentence
  static constexpr std::string_view name = "passthrough_referrer";
  static constexpr std::string_view names = "passthrough_referrers"; ///< key beside the other kind
  static constexpr std::string_view path = "passthrough-referrers";  ///< in URLs and file names
  static constexpr std::string_view list_name = "referrers"; ///< key of a list of this kind alone
  static constexpr std::string_view id_name = "referrer_id";
  static constexpr std::string_view one_path = "/passthrough-referrers/{referrer_id}";
  static constexpr std::string_view unique_field = "domain"; ///< its text is unique per account
  static constexpr std::string_view unique_word = "domain";  ///< that field in sentences

  // The names of OpenAPI schemas in http/openapi.
  static constexpr std::string_view schema = "PassthroughReferrer";
  static constexpr std::string_view list_schema = "PassthroughReferrerList";
  static constexpr std::string_view create_schema = "CreatePassthroughReferrer";
  static constexpr std::string_view update_schema = "UpdatePassthroughReferrer";
  static constexpr std::string_view chosen_schema = "UpdatePassthroughReferrers";
  static constexpr std::string_view import_schema = "PassthroughReferrerImport";

  // Types of events.
  static constexpr std::string_view created = "passthrough_referrer_created";
  static constexpr std::string_view changed = "passthrough_referrer_changed";
  static constexpr std::string_view deleted = "passthrough_referrer_deleted";
  static constexpr std::string_view imported = "passthrough_referrers_imported";

  // Layouts of a rule: in an event, in a restore, in a state.
  static constexpr const auto& event_layout = passthrough_referrer_v1;
  static constexpr const auto& restored_layout = restored_referrer_v1;
  static constexpr const auto& stored_layout = stored_referrer_v1;

  /// The member for this kind of a value that has one for each.
  template <class Both>
  [[nodiscard]] static constexpr auto& in(Both& both) {
    return both.passthrough_referrers;
  }
};

template <>
struct rule_kind<referrer_mapping> {
  using rule = referrer_mapping;

  static constexpr std::string_view words = "referrer mapping";
  static constexpr std::string_view title = "Referrer mapping";
  static constexpr std::string_view name = "referrer_mapping";
  static constexpr std::string_view names = "referrer_mappings";
  static constexpr std::string_view path = "referrer-mappings";
  static constexpr std::string_view list_name = "mappings";
  static constexpr std::string_view id_name = "mapping_id";
  static constexpr std::string_view one_path = "/referrer-mappings/{mapping_id}";
  static constexpr std::string_view unique_field = "referrer_pattern";
  static constexpr std::string_view unique_word = "pattern";

  static constexpr std::string_view schema = "ReferrerMapping";
  static constexpr std::string_view list_schema = "ReferrerMappingList";
  static constexpr std::string_view create_schema = "CreateReferrerMapping";
  static constexpr std::string_view update_schema = "UpdateReferrerMapping";
  static constexpr std::string_view chosen_schema = "UpdateReferrerMappings";
  static constexpr std::string_view import_schema = "ReferrerMappingImport";

  static constexpr std::string_view created = "referrer_mapping_created";
  static constexpr std::string_view changed = "referrer_mapping_changed";
  static constexpr std::string_view deleted = "referrer_mapping_deleted";
  static constexpr std::string_view imported = "referrer_mappings_imported";

  static constexpr const auto& event_layout = referrer_mapping_v1;
  static constexpr const auto& restored_layout = restored_mapping_v1;
  static constexpr const auto& stored_layout = stored_mapping_v1;

  template <class Both>
  [[nodiscard]] static constexpr auto& in(Both& both) {
    return both.referrer_mappings;
  }
};

/// Calls `visit(rule_kind<Rule>{})` for both kinds, in their order in answers and states.
template <class Visit>
constexpr void each_rule_kind(Visit&& visit) {
  visit(rule_kind<passthrough_referrer>{});
  visit(rule_kind<referrer_mapping>{});
}

/// The rule of a kind, as visitors of each_rule_kind() need it.
template <class Kind>
using rule_of = typename Kind::rule;

} // namespace headwater::attribution
