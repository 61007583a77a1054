#include "actors/fair_queue.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <type_traits>

namespace headwater::actors {
namespace {

using fair_queue_pointer = fair_queue_actor::stateful_pointer<fair_queue_state>;

template <class Reply>
Reply busy(const std::string& why) {
  return error{errc::service_unavailable, why};
}

// The way of a request:
//
//   take() --- its account has most_of_one waiting already ---> 503
//     |
//   waiting --- waits_until has passed when its turn comes ---> refused; uses no turn of a reader
//     |  a reader is idle, and it is the account's turn
//   at a reader --- reply ---> answered, and the reader is idle again
//
// Requests wait here and not in the readers' mailboxes, because a mailbox is first come, first
// served: the hundreds of requests of one account would all run before the first of another, and
// those whose caller has gone would still be worked on.
void hand_out(fair_queue_pointer self) {
  auto& state = self->state;
  while (!state.idle.empty() && !state.waiting.empty()) {
    auto work = state.waiting.next();
    if (std::chrono::steady_clock::now() > work.waits_until) {
      work.refuse();
      continue;
    }
    const auto reader = state.idle.back();
    state.idle.pop_back();
    work.begin(reader);
  }
}

template <class Reply, class Request>
fair_queue_work work_of(fair_queue_pointer self, caf::typed_response_promise<Reply> reply,
                        Request& wanted) {
  fair_queue_work out;
  out.waits_until = wanted.waits_until;
  out.refuse = [self, reply]() mutable {
    reply.deliver(busy<Reply>("The service is busy with " + self->state.work + "; retry"));
  };
  out.begin = [self, reply, request = std::move(wanted)](const reader_actor& reader) mutable {
    const auto is_free = [self, reader] {
      self->state.idle.push_back(reader);
      hand_out(self);
    };
    self->request(reader, caf::infinite, std::move(request))
        .then(
            [reply, is_free](Reply& answer) mutable {
              reply.deliver(std::move(answer));
              is_free();
            },
            [reply, is_free](const caf::error&) mutable {
              reply.deliver(busy<Reply>("The service is stopping."));
              is_free();
            });
  };
  return out;
}

template <class Reply, class Request>
caf::result<Reply> take(fair_queue_pointer self, Request& wanted) {
  auto reply = self->make_response_promise<Reply>();
  const auto account_id = wanted.account_id;
  if (self->state.waiting.add(account_id, work_of(self, reply, wanted)))
    hand_out(self);
  else
    reply.deliver(busy<Reply>("Other " + self->state.work + " of the account are waiting; retry"));
  return reply;
}

} // namespace

fair_queue_actor::behavior_type
fair_queue(fair_queue_pointer self, std::vector<reader_actor> readers, fair_queue_terms terms) {
  self->state.work = std::move(terms.work);
  self->state.idle = std::move(readers);
  self->state.waiting = turns<fair_queue_work>{terms.most_of_one};
  return {
      [self](report_request& wanted) { return take<report_reply>(self, wanted); },
      [self](lint_request& wanted) { return take<lint_reply>(self, wanted); },
      [self](background_work& wanted) { return take<background_reply>(self, wanted); },
      [self](read_events& wanted) { return take<events_reply>(self, wanted); },
      [self](recall_rules& wanted) { return take<recall_reply>(self, wanted); },
      [self](compare_rules& wanted) { return take<comparison_reply>(self, wanted); },
      [self](list_tokens& wanted) { return take<token_list>(self, wanted); },
      [self](list_connections& wanted) { return take<described_connections>(self, wanted); },
      [self](list_accounts& wanted) { return take<account_list>(self, wanted); },
      [self](list_brand_platforms& wanted) { return take<brand_platform_list>(self, wanted); },
      [self](find_platforms& wanted) { return take<platforms_reply>(self, wanted); },
      [self](describe_connection_now& wanted) { return take<described_reply>(self, wanted); },
      [self](list_batches& wanted) { return take<batch_reply>(self, wanted); },
      [self](list_checkpoints& wanted) { return take<checkpoints_reply>(self, wanted); },
      [self](find_checkpoint& wanted) { return take<checkpoint_reply>(self, wanted); },
      [self](inclusion_request& wanted) { return take<inclusion_reply>(self, wanted); },
      [self](consistency_request& wanted) { return take<consistency_reply>(self, wanted); },
  };
}

} // namespace headwater::actors
