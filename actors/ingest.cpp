#include "actors/ingest.hpp"

#include "actors/decisions/ingest_plan.hpp"
#include "actors/shared/append.hpp"
#include "actors/shared/cached_rows.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/side_facts.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

namespace headwater::actors {
namespace {

using ingest_pointer = ingest_actor::stateful_pointer<ingest_state>;

void run_lane(ingest_pointer self, const std::string& connection_id);

/// Records how the last push went. This is a side fact: if it cannot be stored, the push still
/// counts.
void note_push(const ingest_state& state, const std::string& connection_id, const side_fact& fact) {
  if (state.closed.contains(connection_id))
    return; // nothing about it is stored any more
  if (auto kept = store::put_row(state.parts.log->tables(), store::table::side_facts,
                                 push_fact_key(connection_id), encode(fact));
      !kept)
    spdlog::warn("last push of connection {} was not noted: {}", connection_id,
                 kept.error().message);
  state.parts.push_notes->fetch_add(1); // after it can be read
}

void note_refusal(const ingest_state& state, const std::string& connection_id, const error& why) {
  if (state.closed.contains(connection_id))
    return;
  auto before = read_side_fact(state.parts.log->tables(), push_fact_key(connection_id));
  if (!before) {
    // Writing over an unreadable fact would lose the time of the last push.
    spdlog::warn("refused push of connection {} was not noted: {}", connection_id,
                 before.error().message);
    return;
  }
  side_fact fact = std::move(*before);
  fact.text = why.faults.empty() ? why.message
                                 : std::to_string(why.faults.size()) +
                                       " faults, the first: " + why.faults[0].message;
  note_push(state, connection_id, fact);
}

/// Ends the lane's current job; the caller starts the next one.
void finish(ingest_state& state, const std::string& connection_id) {
  state.lanes[connection_id].busy = false;
}

/// The same after an append, when no caller is left to start the next job.
void finish_and_go_on(ingest_pointer self, const std::string& connection_id) {
  finish(self->state, connection_id);
  run_lane(self, connection_id);
}

/// Sends the append, which counts for the brand and its account; `then` runs with the outcome, in
/// this actor.
template <class Then>
void append(ingest_pointer self, std::int64_t brand_id, store::append_request request,
            write_purpose purpose, Then then) {
  append_message message{std::move(request)};
  for (auto& command : message.request.commands)
    command.counts_for = brand_usage_key(brand_id);
  message.purpose = purpose;
  // A brand that has connections stays with its account. If it cannot be read, the quota is not
  // checked, and the append says what is wrong with the disk.
  if (const auto owner = read_brand(self->state.parts, brand_id); owner && *owner)
    message.account_id = **owner;
  self->request(self->state.journal, caf::infinite, std::move(message))
      .then([then](const store::append_outcome& outcome) mutable { then(outcome); },
            [then](const caf::error&) mutable {
              // The journal has ended: whether it has written is unknown.
              then(store::append_outcome{store::append_status::failed, {}, 0, "journal ended"});
            });
}

void publish(const ingest_state& state, const referrals::connection& after) {
  state.parts.connections->put(after.identity.id,
                               std::make_shared<const referrals::connection>(after));
}

void count_rows(const metrics& m, const push_outcome& outcome) {
  m.rows_accepted.Increment(static_cast<double>(outcome.accepted));
  m.rows_rejected.Increment(static_cast<double>(outcome.rejected));
  m.rows_deduplicated.Increment(static_cast<double>(outcome.deduplicated));
}

/// The error for a push that was not written, and for those behind it in its lane, which are
/// refused for no reason of their own.
error why_not_written(ingest_lane& lane, const store::append_outcome& outcome) {
  const bool is_behind = lane.failed && outcome.status == store::append_status::conflict;
  lane.failed = true;
  if (outcome.status == store::append_status::refused)
    lane.refused = refusal(outcome);
  return is_behind && lane.refused ? *lane.refused : refusal(outcome);
}

/// A push of the lane has been answered.
void go_on(ingest_pointer self, const std::string& id) {
  auto& lane = self->state.lanes[id];
  if (lane.failed && lane.pushes.empty()) {
    lane.failed = false;
    lane.refused.reset();
    lane.current.reset();
  }
  run_lane(self, id);
}

void run(ingest_pointer self, push_job job, const referrals::connection& current) {
  auto id = current.identity.id;
  auto refuse = [self, id](push_job& refused, error why) {
    note_refusal(self->state, id, why);
    refused.reply.deliver(push_reply{std::move(why)});
    finish(self->state, id);
  };
  auto earlier = earlier_use(self->state.parts.log->events(), id, job.by);
  if (!earlier)
    return refuse(job, earlier.error());
  if (*earlier) {
    auto* batch = std::get_if<referrals::batch_received>(&**earlier);
    auto outcome = batch ? outcome_of(*batch) : push_outcome{};
    outcome.replayed = true;
    job.reply.deliver(push_reply{std::move(outcome)});
    return finish(self->state, id);
  }
  auto& lane = self->state.lanes[id];
  auto planned = plan_push(self->state.parts, job.by, std::move(job.screened), current,
                           self->state.named, lane.pushes);
  if (!planned)
    return refuse(job, planned.error());
  lane.current = planned->after;
  lane.pushes.add(std::move(planned->changes));
  lane.busy = false; // small pushes may follow: see may_start()
  auto then = [self, id, place = job.place, reply = job.reply, outcome = planned->outcome,
               after = planned->after,
               pages = std::move(planned->pages)](const store::append_outcome& appended) mutable {
    auto& mine = self->state.lanes[id];
    mine.pushes.remove_first();
    if (appended.status != store::append_status::appended) {
      reply.deliver(push_reply{why_not_written(mine, appended)});
      return go_on(self, id);
    }
    publish(self->state, after);
    self->state.named.remember(id, pages);
    count_rows(*self->state.parts.counters, outcome);
    note_push(self->state, id, {appended.events.back().time, {}});
    reply.deliver(push_reply{std::move(outcome)});
    go_on(self, id);
  };
  append(self, current.identity.brand_id, std::move(planned->append), job.by.purpose_of_change(),
         std::move(then));
}

/// Appends a change of the connection's state to the stream, which is at `version`.
void append_change(ingest_pointer self, change_job job, const std::string& id,
                   std::uint64_t version) {
  auto& change = job.request;
  store::append_command command;
  command.events.push_back(make_event(change.by, std::string(referrals::type_of(change.event)),
                                      referrals::schema_of(change.event),
                                      referrals::encode(change.event)));
  // A registration's key belongs to the brand (connection_writes); keys in the stream are those of
  // pushes.
  command.late_writes = [event = change.event, key = change.by.key](auto headers) {
    return connection_writes(event, {headers[0].sequence, headers[0].time}, key);
  };
  store::append_request request{connection_stream(id), version, {}};
  request.commands.push_back(std::move(command));
  const auto& identity =
      std::visit([](auto& of) -> const referrals::connection_identity& { return of.connection; },
                 change.event);
  const auto purpose = std::holds_alternative<referrals::connection_disabled>(change.event)
                           ? write_purpose::frees
                           : change.by.purpose_of_change();
  const auto brand_id = identity.brand_id;
  append(self, brand_id, std::move(request), purpose,
         [self, id, job](const store::append_outcome& appended) mutable {
           if (appended.status != store::append_status::appended) {
             self->state.lanes[id].current.reset();
             job.reply.deliver(connection_reply{refusal(appended)});
             return finish_and_go_on(self, id);
           }
           auto& header = appended.events.back();
           auto after = referrals::state_after(job.request.event, {header.sequence, header.time});
           self->state.lanes[id].current = after;
           publish(self->state, after);
           job.reply.deliver(connection_reply{connection_outcome{after}});
           finish_and_go_on(self, id);
         });
}

void run(ingest_pointer self, change_job job, const referrals::connection& current) {
  auto id = current.identity.id;
  auto disabled = current.status == referrals::connection_status::disabled;
  if (std::holds_alternative<referrals::connection_disabled>(job.request.event) && disabled) {
    job.reply.deliver(connection_reply{connection_outcome{current}});
    return finish(self->state, id);
  }
  append_change(self, std::move(job), id, current.version);
}

const std::string& connection_of(const change_job& job) {
  return std::visit([](auto& event) -> const std::string& { return event.connection.id; },
                    job.request.event);
}

template <class Reply>
void refuse(caf::typed_response_promise<Reply>& promise, const error& why) {
  promise.deliver(Reply{why});
}

/// Starts one job, which leaves the lane busy until its append is answered, or ends at once.
void start(ingest_pointer self, ingest_lane& lane, const std::string& id, ingest_job job) {
  if (auto* change = std::get_if<change_job>(&job);
      change && std::holds_alternative<referrals::connection_registered>(change->request.event))
    return append_change(self, std::move(*change), id, 0);
  if (!lane.current) {
    auto loaded = load_connection(self->state.parts.log->tables(), id);
    if (!loaded) {
      std::visit([&](auto& waiting) { refuse(waiting.reply, loaded.error()); }, job);
      return finish(self->state, id);
    }
    lane.current = *loaded;
  }
  auto current = *lane.current;
  std::visit([&](auto& taken) { run(self, std::move(taken), current); }, job);
}

/// Whether the lane's next job may be decided now. What is under way is kept in memory, so there
/// are bounds to it.
bool may_start(const ingest_lane& lane) {
  constexpr std::size_t most_under_way = 64;
  constexpr std::size_t most_bytes = std::size_t{256} << 10;
  if (lane.busy || lane.waiting.empty())
    return false;
  if (lane.pushes.empty())
    return true;
  const auto* push = std::get_if<push_job>(&lane.waiting.front());
  return push != nullptr && lane.current && !lane.failed && lane.pushes.size() < most_under_way &&
         lane.pushes.bytes() < most_bytes && !(push->by.key && lane.pushes.uses(push->by.key->key));
}

/// Starts the lane's jobs in order, as far as they may.
void run_lane(ingest_pointer self, const std::string& id) {
  auto& lane = self->state.lanes[id];
  while (may_start(lane)) {
    auto job = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    lane.busy = true;
    start(self, lane, id, std::move(job));
  }
  if (!lane.busy && lane.pushes.empty())
    self->state.lanes.erase(id);
}

/// Jobs waiting in the lanes are refused when their turn comes, by the journal or because nothing
/// is stored about the connection.
void forget(ingest_state& state, const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    state.closed.insert(id);
    state.named.forget(id);
    if (auto lane = state.lanes.find(id); lane != state.lanes.end())
      lane->second.current.reset();
  }
}

template <class Job>
void enqueue(ingest_pointer self, const std::string& id, Job job) {
  self->state.lanes[id].waiting.emplace_back(std::move(job));
  run_lane(self, id);
}

/// Reads the push whose turn it is, and puts it into its lane.
void read_next(ingest_pointer self) {
  auto& state = self->state;
  auto next = state.unread.next();
  auto& request = next.request;
  state.parts.counters->ingest_wait.Observe(seconds_since(request.sent));
  const auto id = request.connection->identity.id;
  if (state.closed.contains(id)) {
    next.reply.deliver(push_reply{erased_meanwhile()});
    return;
  }
  auto screened = screen_push(state.parts, request);
  enqueue(self, id,
          push_job{std::move(request.by), std::move(request.place), std::move(screened),
                   std::move(next.reply)});
}

} // namespace

ingest_actor::behavior_type ingest(ingest_pointer self, service_parts parts,
                                   journal_actor journal) {
  self->state.parts = std::move(parts);
  self->state.journal = std::move(journal);
  return {
      [self](push_request& request) -> caf::result<push_reply> {
        auto reply = self->make_response_promise<push_reply>();
        auto& unread = self->state.unread;
        if (unread.empty())
          self->send(self, drain_atom::value);
        const auto account_id = request.account_id;
        static_cast<void>(unread.add(account_id, {std::move(request), reply}));
        return reply;
      },
      [self](drain_atom) {
        read_next(self);
        // Behind what has come meanwhile: other accounts' pushes, and answers of the journal.
        if (!self->state.unread.empty())
          self->send(self, drain_atom::value);
      },
      [self](const refused_push& refused) {
        note_refusal(self->state, refused.connection_id, refused.why);
        return push_reply{refused.why};
      },
      [self](const forget_connections& gone) {
        forget(self->state, gone.ids);
        return true;
      },
      [self](connection_change& request) -> caf::result<connection_reply> {
        auto reply = self->make_response_promise<connection_reply>();
        change_job job{std::move(request), reply};
        auto id = connection_of(job);
        enqueue(self, id, std::move(job));
        return reply;
      },
  };
}

} // namespace headwater::actors
