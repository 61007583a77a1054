#include "actors/report_desk.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace headwater::actors {
namespace {

using self_pointer = report_desk_actor::stateful_pointer<report_desk_state>;

report_reply busy(const char* why) {
  return referrals::request_error{errc::service_unavailable, why};
}

void hand_out(self_pointer self);

void compute(self_pointer self, const reader_actor& reader, waiting_report work) {
  auto reply = work.reply;
  const auto is_free = [self, reader] {
    self->state.idle.push_back(reader);
    hand_out(self);
  };
  self->request(reader, caf::infinite, std::move(work.request))
      .then(
          [reply, is_free](report_reply& report) mutable {
            reply.deliver(std::move(report));
            is_free();
          },
          [reply, is_free](const caf::error&) mutable {
            reply.deliver(busy("The service is stopping."));
            is_free();
          });
}

void hand_out(self_pointer self) {
  auto& state = self->state;
  while (!state.idle.empty() && !state.waiting.empty()) {
    auto work = state.waiting.next();
    if (std::chrono::steady_clock::now() > work.request.waits_until) {
      work.reply.deliver(busy("The service is busy with reports; retry"));
      continue;
    }
    const auto reader = state.idle.back();
    state.idle.pop_back();
    compute(self, reader, std::move(work));
  }
}

} // namespace

report_desk_actor::behavior_type report_desk(self_pointer self, reader_pool readers) {
  self->state.idle = readers.readers();
  return {
      [self](report_request& wanted) -> caf::result<report_reply> {
        auto reply = self->make_response_promise<report_reply>();
        const auto account_id = wanted.account_id;
        if (!self->state.waiting.add(account_id, {std::move(wanted), reply}))
          reply.deliver(busy("Other reports of the account are waiting; retry"));
        else
          hand_out(self);
        return reply;
      },
  };
}

} // namespace headwater::actors
