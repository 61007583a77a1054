#include "actors/reader.hpp"

#include "actors/shared/append.hpp"
#include "actors/shared/cached_rows.hpp"
#include "actors/views/brand_platforms.hpp"
#include "actors/views/connection_descriptions.hpp"
#include "actors/views/event_pages.hpp"
#include "actors/views/log_proofs.hpp"
#include "actors/views/principal_names.hpp"
#include "actors/views/recovery.hpp"
#include "actors/views/referral_reports.hpp"
#include "actors/views/rule_findings.hpp"
#include "actors/views/stored_rows.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace headwater::actors {
namespace {

/// If an account was erased while it was being read, that is not a damaged log.
template <class Reply>
Reply unless_erased(const service_parts& parts, const std::string& account_id, Reply reply) {
  if (!reply && parts.erasures->contains(account_id))
    return erased_meanwhile();
  return reply;
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a line for each question
reader_actor::behavior_type reader(reader_actor::stateful_pointer<reader_state> self,
                                   const service_parts& parts) {
  return {
      [parts](const load_rules& wanted) {
        auto began = std::chrono::steady_clock::now();
        auto rules = recover_rules(parts.log->events(), parts.log->tables(), wanted.account_id);
        parts.counters->account_load_time.Observe(seconds_since(began));
        return unless_erased(parts, wanted.account_id, std::move(rules));
      },
      [parts](const find_uses& wanted) { return read_uses(parts.log->events(), wanted); },
      [parts](const find_token& wanted) { return read_token(parts, wanted.hash); },
      [parts](const find_account& wanted) { return read_account(parts, wanted.account_id); },
      [parts](const find_brand& wanted) { return read_brand(parts, wanted.brand_id); },
      [parts](const find_connection& wanted) {
        return read_connection(parts, wanted.connection_id);
      },
      [parts](const describe_token& wanted) { return read_known_token(parts, wanted.id); },
      [parts](const list_accounts& wanted) { return read_accounts(parts.log->tables(), wanted); },
      [parts](const list_tokens& wanted) { return list_known_tokens(parts, wanted); },
      [parts](const list_brand_platforms& wanted) {
        return read_brand_platforms(parts.log->tables(), wanted.brand_id);
      },
      [parts](const find_platforms& wanted) { return platforms_now(parts, *wanted.loaded); },
      [parts](const list_connections& wanted) {
        return describe_connections(parts.log->tables(), wanted);
      },
      [parts](const describe_connection_now& wanted) {
        return describe_connection(parts.log->tables(), wanted.connection_id);
      },
      [parts](const list_batches& wanted) { return read_batches(parts.log->tables(), wanted); },
      [parts](const list_checkpoints& wanted) {
        return read_checkpoints(parts.log->tables(), wanted);
      },
      [parts](const find_checkpoint& wanted) {
        return read_checkpoint(parts.log->tables(), wanted.size);
      },
      [parts](const inclusion_request& wanted) {
        return prove_inclusion(parts.log->proofs(), parts.log->tables(), wanted);
      },
      [parts](const consistency_request& wanted) {
        return prove_consistency(parts.log->tables(), wanted);
      },
      [parts](const report_request& wanted) { return read_report(parts.log->tables(), wanted); },
      [parts](const lint_request& wanted) {
        return unless_erased(parts, wanted.account_id, lint_rules(parts.log->tables(), wanted));
      },
      [](const background_work& wanted) -> background_reply {
        wanted.run();
        return {};
      },
      [parts](const read_events& wanted) {
        principal_names names(parts.log->tables(), wanted.sees_operators);
        return read_page(parts.log->events(), wanted, &names);
      },
      [parts, self](const recall_rules& wanted) {
        const auto& log = *parts.log;
        auto found = recall(log.events(), self->state.past, wanted);
        if (found)
          if (const auto more = recall_platforms(log.events(), log.tables(), self->state.platforms,
                                                 wanted, *found);
              !more)
            found = more.error();
        return unless_erased(parts, wanted.account_id, std::move(found));
      },
      [parts, self](const compare_rules& wanted) {
        return unless_erased(
            parts, wanted.account_id,
            compare(parts.log->events(), parts.log->tables(), self->state.past, wanted));
      },
      [](const list_snapshots& wanted) { return snapshots::read_catalog(wanted.directory); },
  };
}

} // namespace headwater::actors
