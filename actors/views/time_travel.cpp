#include "actors/views/time_travel.hpp"

#include "actors/views/event_pages.hpp"
#include "actors/views/principal_names.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/recovery.hpp"
#include "domain/core/try.hpp"
#include "domain/rules/state_hash.hpp"
#include "domain/rules/transfer/rule_diff.hpp"

#include <algorithm>

namespace headwater::actors {
namespace {

using attribution::account_rules;
using attribution::rules_point;

constexpr std::size_t most_states = 8;
constexpr std::size_t most_rules = 100'000;
/// How many events, and how many bytes of them, between two looks at the clock: an import may have
/// 30 MiB.
constexpr std::size_t events_per_look = 1'024;
constexpr std::size_t bytes_per_look = std::size_t{256} << 10;

bool is_late(steady_time waits_until) {
  return std::chrono::steady_clock::now() > waits_until;
}
/// Looks at the clock from time to time, by the work done since.
class watch {
public:
  explicit watch(steady_time waits_until) : waits_until_(waits_until) {}

  /// Call it before an event of that many bytes is applied.
  [[nodiscard]] bool is_over(std::size_t bytes) {
    bytes_ += bytes;
    if (++events_ < events_per_look && bytes_ < bytes_per_look)
      return false;
    events_ = bytes_ = 0;
    return is_late(waits_until_);
  }

private:
  steady_time waits_until_;
  std::size_t events_ = 0;
  std::size_t bytes_ = 0;
};

error too_late() {
  return {errc::service_unavailable, "The service is busy with the past; retry"};
}

error wrong_order(const location& place, const rules_point& from, const rules_point& to) {
  const auto message = "version " + std::to_string(from.version) + " comes after version " +
                       std::to_string(to.version) + ", which is 'to'";
  return {errc::validation_error, message, {{place, message, "value_error"}}};
}

/// Applies the events after the rules' version up to `version`.
result<void> bring_forward(const store::event_log& log, const std::string& account_id,
                           account_rules& rules, std::uint64_t version, steady_time waits_until,
                           const event_witness& see = {}) {
  if (rules.version() >= version)
    return {};
  const error enough{errc::internal_error, "enough"};
  watch clock(waits_until);
  const auto read =
      log.read_stream(account_stream(account_id), rules.version() + 1,
                      [&](const store::recorded_event& event) -> result<void> {
                        if (clock.is_over(event.payload.size()))
                          return too_late();
                        CHECK(apply_recorded(rules, event, see));
                        return rules.version() < version ? result<void>{} : result<void>{enough};
                      });
  if (rules.version() >= version)
    return {};
  return read ? result<void>{error{errc::corrupt_log, "the stream of account " + account_id +
                                                          " ends before version " +
                                                          std::to_string(version)}}
              : read;
}

/// The rules at a version, starting from the nearest state kept here.
result<recollections::state*> recall_state(const store::event_log& log, recollections& past,
                                           const std::string& account_id, std::uint64_t version,
                                           steady_time waits_until) {
  auto* near = past.find(account_id, version);
  if (near && near->rules->version() == version)
    return near;
  auto rules =
      near ? std::make_shared<account_rules>(*near->rules) : std::make_shared<account_rules>();
  const auto done = bring_forward(log, account_id, *rules, version, waits_until);
  // Kept, so that a repeated request does not start from the beginning.
  if (!done && done.error().code == errc::service_unavailable)
    past.keep(account_id, std::move(rules));
  if (!done)
    return done.error();
  return &past.keep(account_id, std::move(rules));
}

} // namespace

result<rules_point> locate(const store::event_log& log, const std::string& account_id,
                           const asked_point& at) {
  const auto stream = account_stream(account_id);
  TRY(const auto end, log.version(stream));
  rules_point found;
  if (at.version && *at.version > end) {
    const auto message =
        "version " + at.text + " is not there yet; the account is at " + std::to_string(end);
    return error{errc::validation_error, message, {{at.at, message, "value_error"}}};
  }
  if (at.version) {
    found.version = *at.version;
  } else {
    TRY(const auto version, count_until(log, stream, end, at.time));
    found.version = version;
  }
  if (found.version == 0)
    return found;
  TRY(const auto time, time_of(log, stream, found.version));
  found.time = time;
  return found;
}

auto recollections::find(const std::string& account_id, std::uint64_t version) -> state* {
  auto best = states_.end();
  for (auto at = states_.begin(); at != states_.end(); ++at)
    if (at->account_id == account_id && at->rules->version() <= version &&
        (best == states_.end() || at->rules->version() > best->rules->version()))
      best = at;
  if (best == states_.end())
    return nullptr;
  states_.splice(states_.begin(), states_, best);
  return &states_.front();
}

auto recollections::keep(const std::string& account_id, rules_ptr rules) -> state& {
  if (auto* same = find(account_id, rules->version());
      same && same->rules->version() == rules->version())
    return *same;
  states_.push_front({account_id, std::move(rules), nullptr});
  shrink();
  return states_.front();
}

void recollections::shrink() {
  std::size_t rules = 0;
  for (const auto& each : states_)
    rules += each.rules->total();
  while (states_.size() > 1 && (states_.size() > most_states || rules > most_rules)) {
    rules -= states_.back().rules->total();
    states_.pop_back();
  }
}

namespace {

result<attribution::restore_plan> plan_of(const recall_rules& wanted,
                                          const attribution::account_rules& then) {
  if (wanted.chosen)
    return attribution::plan_restore(*wanted.plan_from, then, *wanted.chosen);
  return attribution::plan_restore(*wanted.plan_from, then);
}

} // namespace

recall_reply recall(const store::event_log& log, recollections& past, const recall_rules& wanted) {
  if (is_late(wanted.waits_until))
    return too_late();
  TRY(const auto point, locate(log, wanted.account_id, wanted.at));
  TRY(const auto found,
      recall_state(log, past, wanted.account_id, point.version, wanted.waits_until));
  auto& state = *found;
  if (is_late(wanted.waits_until))
    return too_late();
  if (wanted.compile && !state.compiled)
    state.compiled = std::make_shared<const attribution::rule_set>(*state.rules);
  recalled_rules out{point, state.rules, state.compiled, nullptr, {}};
  if (wanted.hash)
    out.state_hash = attribution::state_hash(*state.rules);
  if (wanted.plan_from) {
    TRY(auto plan, plan_of(wanted, *state.rules));
    out.planned = std::make_shared<const attribution::restore_plan>(std::move(plan));
  }
  return out;
}

comparison_reply compare(const store::event_log& log, const store::table_store& tables,
                         recollections& past, const compare_rules& wanted) {
  if (is_late(wanted.waits_until))
    return too_late();
  TRY(const auto from, locate(log, wanted.account_id, wanted.from));
  TRY(const auto to, locate(log, wanted.account_id, wanted.to));
  if (from.version > to.version)
    return wrong_order(wanted.from.at, from, to);
  TRY(const auto before,
      recall_state(log, past, wanted.account_id, from.version, wanted.waits_until));
  const auto rules_before = before->rules;
  auto rules = std::make_shared<account_rules>(*rules_before);
  attribution::rule_touches touched;
  principal_names names(tables, wanted.sees_operators);
  const auto done = bring_forward(
      log, wanted.account_id, *rules, to.version, wanted.waits_until,
      [&](const attribution::rule_event& event, const store::recorded_event& as) -> result<void> {
        TRY(const auto name, names.of(as.from.principal));
        touched.add(event, {as.header.sequence, as.header.time}, as.from.principal, name);
        return {};
      });
  if (!done)
    return done.error();
  json_writer out;
  attribution::write_difference(out, from, to, attribution::plan_restore(*rules_before, *rules),
                                touched, wanted.account_id);
  past.keep(wanted.account_id, std::move(rules));
  return rule_comparison{std::move(out).str()};
}

} // namespace headwater::actors
