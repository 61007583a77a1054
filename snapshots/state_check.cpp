#include "snapshots/state_check.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/rule_events.hpp"
#include "snapshots/account_states.hpp"
#include "store/log/event_checks.hpp"

namespace headwater::snapshots {
namespace {

constexpr std::uint64_t accounts_between_progress = 64;

result<void> apply(attribution::account_rules& rules, const store::recorded_event& event) {
  TRY(const auto decoded,
      attribution::decode(event.header.type, event.header.schema, event.payload));
  return rules.apply(decoded, {event.header.sequence, event.header.time});
}

/// Replays the stream up to the last of its states, versions ascending. Returns how many were
/// compared: states beyond the end of the stream, as seen by a reader beside a live server, are
/// not, and neither are those of an erased account.
result<std::uint64_t> compare(const store::event_log& log, const store::stream_name& stream,
                              const std::vector<kept_state>& states) {
  attribution::account_rules rules;
  auto next = states.begin();
  bool is_over = false;
  const auto read =
      log.read_stream(stream, 1, [&](const store::recorded_event& event) -> result<void> {
        is_over = next == states.end() || !event.part;
        if (is_over)
          return error{errc::internal_error, "enough"};
        if (auto applied = apply(rules, event); !applied)
          return store::corrupt_event(stream, event.header.sequence, applied.error().message);
        if (rules.version() != next->version)
          return {};
        if (rules.canonical() != next->text)
          return store::corrupt_event(stream, next->version,
                                      "the state that is kept of it is not what a replay gives");
        ++next;
        return {};
      });
  if (!read && !is_over)
    return read.error();
  return static_cast<std::uint64_t>(next - states.begin());
}

} // namespace

result<std::uint64_t> check_states(const store::event_log& log, const store::table_store& tables,
                                   const std::function<void(std::uint64_t accounts)>& tell) {
  std::uint64_t accounts = 0;
  std::uint64_t compared = 0;
  auto visited = log.visit_heads(
      [&](const store::stream_name& stream, const store::stream_head&) -> result<void> {
        if (!stream.starts_with("account/"))
          return {};
        if (++accounts % accounts_between_progress == 0)
          tell(accounts);
        TRY(auto states, list_states(tables, stream));
        if (states.empty())
          return {};
        TRY(auto same, compare(log, stream, states));
        compared += same;
        return {};
      });
  if (!visited)
    return visited.error();
  return compared;
}

} // namespace headwater::snapshots
