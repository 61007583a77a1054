#include "actors/views/recovery.hpp"

#include "actors/views/projections.hpp"
#include "actors/views/rule_changes.hpp"
#include "snapshots/account_states.hpp"

#include <spdlog/spdlog.h>

namespace headwater::actors {
namespace {

using attribution::account_rules;

/// Adds to the error which event could not be applied, because the decoder knows only its payload.
error at_event(const store::recorded_event& event, const error& why) {
  return {errc::corrupt_log, "stream " + event.header.stream + ", sequence " +
                                 std::to_string(event.header.sequence) + ": " + why.message};
}

/// Applies all events after the rules' version.
result<loaded_rules> replay_onto(const store::event_log& log, const store::stream_name& stream,
                                 account_rules start) {
  loaded_rules out;
  out.state_version = start.version();
  auto rules = std::make_shared<account_rules>(std::move(start));
  const auto read =
      log.read_stream(stream, rules->version() + 1, [&](const store::recorded_event& event) {
        out.replayed_bytes += event.payload.size();
        return apply_recorded(*rules, event);
      });
  if (!read)
    return read.error();
  out.rules = std::move(rules);
  return out;
}

} // namespace

result<void> apply_recorded(attribution::account_rules& rules, const store::recorded_event& event,
                            const event_witness& see) {
  if (!event.part)
    return at_event(event, {errc::corrupt_log, "its payload part is gone"});
  auto decoded = attribution::decode(event.header.type, event.header.schema, event.payload);
  if (!decoded)
    return at_event(event, decoded.error());
  const event_meta meta{event.header.sequence, event.header.time};
  auto applied = see ? rules.apply(*decoded, meta) : rules.apply(std::move(*decoded), meta);
  if (!applied)
    return at_event(event, applied.error());
  return see ? see(*decoded, event) : result<void>{};
}

rules_reply replay_rules(const store::event_log& log, const std::string& account_id) {
  return replay_onto(log, account_stream(account_id), {});
}

rules_reply recover_rules(const store::event_log& log, const store::table_store& tables,
                          const std::string& account_id) {
  const auto stream = account_stream(account_id);
  auto state = snapshots::find_state(log, tables, stream);
  for (const auto& why : state.passed_over)
    spdlog::warn("a kept state of account {} is passed over: {}", account_id, why);
  const bool has_state = state.rules.has_value();
  auto out = replay_onto(log, stream, std::move(state.rules).value_or(account_rules{}));
  // The state may be to blame; the whole stream gives the true result, or the true error.
  if (!out && has_state)
    out = replay_onto(log, stream, {});
  // Compiled now, so that the first visit need not scan them all.
  if (out && count_changes({}, *out->rules) > many_changes)
    out->compiled = std::make_shared<const attribution::compiled_rules>(*out->rules);
  return out;
}

} // namespace headwater::actors
