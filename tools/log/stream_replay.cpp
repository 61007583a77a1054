#include "tools/log/stream_replay.hpp"

#include "actors/views/projections.hpp"
#include "actors/views/recovery.hpp"
#include "domain/core/sha256_stream.hpp"
#include "domain/core/try.hpp"
#include "domain/rules/state_hash.hpp"
#include "store/audit/erasures.hpp"

namespace headwater::tools {
namespace {

constexpr std::uint64_t events_between_progress = 1'024;
constexpr std::string_view account_prefix = "account/";

/// A stream that is being replayed.
struct stream_state {
  std::uint64_t version = 0;
  micros time = 0;
  digest chain{};
  bool is_erased = false;
  attribution::account_rules rules; ///< of an account
};

std::string line_of(const store::stream_name& stream, const stream_state& at) {
  const auto version = static_cast<std::int64_t>(at.version);
  json_writer out;
  out.begin_object();
  if (!stream.starts_with(account_prefix))
    out.member("chain", to_hex(at.chain)).member("stream", stream).member("version", version);
  else if (const auto id = stream.substr(account_prefix.size()); at.is_erased)
    out.member("account_id", id).member("erased", true).member("version", version);
  else
    attribution::write_state_members(out, id, {at.version, at.time}, at.rules,
                                     attribution::state_hash(at.rules));
  out.end_object().end_line();
  return std::move(out).str();
}

/// Applies an event to the state of its stream; an erased one no longer changes anything.
result<void> take(const store::recorded_event& event, stream_state& to) {
  to.version = event.header.sequence;
  to.time = event.header.time;
  to.chain = event.chain;
  if (!event.part || to.is_erased) {
    to.is_erased = true;
    return {};
  }
  if (event.header.stream.starts_with(account_prefix))
    return actors::apply_recorded(to.rules, event);
  CHECK(actors::project(event));
  return {};
}

class replayer {
public:
  replayer(const store::event_log& log, micros until, const replay_report& tell)
      : log_(log), until_(until), tell_(tell), erased_(log) {}

  void add(const store::stream_name& stream) {
    stream_state at;
    bool is_over = false;
    const auto read =
        log_.read_stream(stream, 1, [&](const store::recorded_event& event) -> result<void> {
          is_over = event.header.time > until_;
          if (is_over)
            return error{errc::internal_error, "enough"};
          if (++out_.events % events_between_progress == 0)
            tell_.events(out_.events);
          if (auto accounted = erased_(event); !accounted)
            return accounted;
          return take(event, at);
        });
    if (!read && !is_over)
      return tell_.fault(read.error());
    if (at.version == 0)
      return;
    ++out_.streams;
    if (stream.starts_with(account_prefix)) {
      ++out_.accounts;
      out_.erased += at.is_erased ? 1 : 0;
    }
    const auto line = line_of(stream, at);
    lines_.update(line);
    tell_.line(line);
  }

  [[nodiscard]] replayed_streams finish() {
    out_.hash = lines_.finish();
    return out_;
  }

private:
  const store::event_log& log_;
  micros until_;
  const replay_report& tell_;
  store::erasure_check erased_;
  sha256_stream lines_;
  replayed_streams out_;
};

} // namespace

result<attribution::account_rules>
replay_account(const store::event_log& log, const std::string& account_id, std::uint64_t version,
               const std::function<void(std::uint64_t events)>& tell) {
  attribution::account_rules rules;
  const auto read = log.read_stream(actors::account_stream(account_id), 1,
                                    [&](const store::recorded_event& event) -> result<void> {
                                      if (rules.version() == version)
                                        return error{errc::internal_error, "enough"};
                                      if (rules.version() % events_between_progress == 0)
                                        tell(rules.version());
                                      return actors::apply_recorded(rules, event);
                                    });
  if (!read && rules.version() != version)
    return read.error();
  return rules;
}

result<replayed_streams> replay_streams(const store::event_log& log, micros until,
                                        const replay_report& tell) {
  replayer each{log, until, tell};
  auto visited = log.visit_heads([&](const store::stream_name& stream, const store::stream_head&) {
    each.add(stream);
    return result<void>{};
  });
  if (!visited)
    return visited.error();
  return each.finish();
}

} // namespace headwater::tools
