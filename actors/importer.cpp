#include "actors/importer.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace headwater::actors {
namespace {

using attribution::passthrough_referrer;
using attribution::referrer_mapping;

template <class Rule>
const attribution::rule_store<Rule>& rules_of(const attribution::account_rules& all) {
  if constexpr (std::is_same_v<Rule, passthrough_referrer>)
    return all.passthrough_referrers();
  else
    return all.referrer_mappings();
}

template <class Rule>
prepared_reply<Rule> prepare(const prepare_import<Rule>& wanted, const service_limits& limits) {
  auto rows = attribution::read_import<Rule>(*wanted.body, wanted.format, wanted.options);
  if (!rows)
    return rows.error();
  prepared_import<Rule> out;
  out.fingerprint = sha256({wanted.request_line, *wanted.body, std::string_view("\0", 1)});
  // Where rows have faults, those that the rules themselves have with others are told as well.
  if (wanted.is_dry_run || rows->fault_count > 0) {
    auto plan = attribution::plan_import(rules_of<Rule>(*wanted.rules), *rows, wanted.mode,
                                         limits.max_rules);
    if (!plan)
      return plan.error();
    out.plan = std::make_shared<const attribution::import_plan<Rule>>(std::move(*plan));
  }
  out.rows = std::make_shared<const attribution::import_rows<Rule>>(std::move(*rows));
  return out;
}

} // namespace

importer_actor::behavior_type importer(importer_actor::stateful_pointer<importer_state>,
                                       service_limits limits) {
  return {
      [limits](const prepare_import<passthrough_referrer>& wanted) {
        return prepare(wanted, limits);
      },
      [limits](const prepare_import<referrer_mapping>& wanted) { return prepare(wanted, limits); },
  };
}

} // namespace headwater::actors
