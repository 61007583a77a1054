#include "actors/importer.hpp"

#include "domain/core/try.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace headwater::actors {
namespace {

using attribution::passthrough_referrer;
using attribution::referrer_mapping;

template <class Rule>
prepared_reply<Rule> prepare(const prepare_import<Rule>& wanted, const service_limits& limits) {
  auto rows = attribution::read_import<Rule>(*wanted.body, wanted.format, wanted.options);
  if (!rows)
    return rows.error();
  prepared_import<Rule> out;
  out.fingerprint = sha256({wanted.request_line, *wanted.body, std::string_view("\0", 1)});
  // If rows have faults, conflicts with other rules are reported at the same time.
  if (wanted.is_dry_run || rows->fault_count > 0) {
    TRY(auto plan, attribution::plan_import(wanted.rules->template of<Rule>(), *rows, wanted.mode,
                                            limits.max_rules));
    out.plan = std::make_shared<const attribution::import_plan<Rule>>(std::move(plan));
  }
  out.rows = std::make_shared<const attribution::import_rows<Rule>>(std::move(*rows));
  return out;
}

using importer_pointer = importer_actor::stateful_pointer<importer_state>;

error busy(const char* why) {
  return {errc::service_unavailable, why};
}

/// Queues a document behind others of its account.
template <class Rule>
caf::typed_response_promise<prepared_reply<Rule>>
enqueue(importer_pointer self, const prepare_import<Rule>& wanted, const service_limits& limits) {
  auto promise = self->make_response_promise<prepared_reply<Rule>>();
  const bool was_idle = self->state.waiting.empty();
  const auto run = [=](std::optional<error> refusal) mutable {
    promise.deliver(refusal ? prepared_reply<Rule>(std::move(*refusal)) : prepare(wanted, limits));
  };
  if (!self->state.waiting.add(wanted.options.account_id, {wanted.waits_until, run}))
    promise.deliver(prepared_reply<Rule>(busy("Other imports of the account are waiting; retry")));
  else if (was_idle)
    self->send(self, drain_atom::value);
  return promise;
}

} // namespace

importer_actor::behavior_type importer(importer_pointer self, service_limits limits) {
  return {
      [self, limits](const prepare_import<passthrough_referrer>& wanted) {
        return enqueue(self, wanted, limits);
      },
      [self, limits](const prepare_import<referrer_mapping>& wanted) {
        return enqueue(self, wanted, limits);
      },
      [self](drain_atom) {
        auto next = self->state.waiting.next();
        const bool is_late = std::chrono::steady_clock::now() > next.waits_until;
        next.run(is_late ? std::optional(busy("The service is busy with imports; retry"))
                         : std::nullopt);
        if (!self->state.waiting.empty())
          self->send(self, drain_atom::value);
      },
  };
}

} // namespace headwater::actors
