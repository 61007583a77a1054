#pragma once

// Export and import of all rules of a kind, as JSON and as CSV. The routes are added by
// add_rule_transfer_routes (application.hpp); here is what they show, as pure functions.

#include "actors/protocol/interfaces.hpp"

#include <string>
#include <string_view>

namespace headwater::http {

/// {"mode","dry_run":false,"rows","added","changed","removed","unchanged","version"}
[[nodiscard]] std::string import_as_json(const actors::import_outcome& of);

/// The same for a dry run, with "preview": {"added":[{"line","rule"}],
/// "changed":[{"line","id",<unique field>,"changes":{<field>:{"from","to"}}}],
/// "removed":[<rule>]}.
template <class Rule>
[[nodiscard]] std::string dry_run_as_json(const attribution::import_plan<Rule>& plan,
                                          const actors::import_outcome& of,
                                          std::string_view account_id);

/// {"dry_run":false,"version","passthrough_referrers","referrer_mappings","attribution"}, each kind
/// being {"added","changed","removed","unchanged"}, the last {"changed":<boolean>}.
[[nodiscard]] std::string restore_as_json(const actors::restore_outcome& of);

/// The same for a dry run, with a "preview" of both kinds. It is like that of an import, but
/// without "line"; that of the settings is {"changes":{<field>:{"from","to"}}}.
[[nodiscard]] std::string restore_preview_as_json(const attribution::restore_plan& plan,
                                                  const actors::restore_outcome& of,
                                                  std::string_view account_id);

} // namespace headwater::http
