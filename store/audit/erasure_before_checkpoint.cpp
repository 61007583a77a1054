#include "store/audit/erasure_before_checkpoint.hpp"

#include "domain/core/try.hpp"
#include "store/audit/erasures.hpp"
#include "store/log/first_event.hpp"

#include <vector>

namespace headwater::store {
namespace {

struct place {
  std::uint64_t sequence = 0;
  std::uint64_t position = 0;
};

/// The erasures of a log, separated into those that the checkpoint covers and those after it.
struct told_erasures {
  erasures proven;
  std::vector<place> later;
};

result<told_erasures> read_told(const event_log& log, std::uint64_t covered) {
  told_erasures out;
  auto read = log.read_stream(system_stream, 1, [&](const recorded_event& event) -> result<void> {
    const auto& header = event.header;
    if (header.position <= covered)
      return out.proven.add(event);
    if (header.type == accounts::account_erased_type)
      out.later.push_back({header.sequence, header.position});
    return {};
  });
  if (!read)
    return read.error();
  return out;
}

/// Looks for covered events that have lost their part and that no covered erasure explains.
class search {
public:
  search(const event_log& log, const erasures& proven, std::uint64_t covered)
      : log_(log), proven_(proven), covered_(covered) {}

  result<bool> in_stream(const stream_name& stream) const {
    TRY(const auto version, log_.version(stream));
    if (version == 0)
      return false;
    bool is_found = false;
    bool is_over = false;
    auto read = log_.read_stream(stream, 1, [&](const recorded_event& event) -> result<void> {
      is_found = is_unproven(event);
      is_over = is_found || event.header.position > covered_;
      return is_over ? result<void>{error{errc::internal_error, "enough"}} : result<void>{};
    });
    if (!read && !is_over)
      return read.error();
    return is_found;
  }

  result<bool> in_system(const std::vector<std::int64_t>& sequences) const {
    for (const auto sequence : sequences) {
      TRY(const auto event, first_event(log_, system_stream, static_cast<std::uint64_t>(sequence)));
      if (event && is_unproven(*event))
        return true;
    }
    return false;
  }

private:
  [[nodiscard]] bool is_unproven(const recorded_event& event) const {
    return !event.part && event.header.position <= covered_ && !proven_.covers(event.header);
  }

  const event_log& log_;
  const erasures& proven_;
  std::uint64_t covered_;
};

result<bool> has_taken(const search& look, const accounts::account_erased& erased) {
  auto found = look.in_stream("account/" + erased.account_id);
  for (const auto& connection : erased.connections) {
    if (!found || *found)
      return found;
    found = look.in_stream("connection/" + connection);
  }
  return !found || *found ? found : look.in_system(erased.system_events);
}

} // namespace

result<void> check_erasures_before_checkpoint(const event_log& log, std::uint64_t covered) {
  TRY(auto told, read_told(log, covered));
  const search look{log, told.proven, covered};
  for (const auto& at : told.later) {
    TRY(auto erased, read_erasure(log, at.sequence));
    TRY(auto taken, has_taken(look, erased));
    if (taken)
      return error{errc::not_found,
                   "the erasure of account " + erased.account_id + " (position " +
                       std::to_string(at.position) +
                       ") has no checkpoint yet, so that an export could not show why payloads are "
                       "gone; wait for the next checkpoint of the running server "
                       "(--checkpoint-seconds, which must not be 0), then export again"};
  }
  return {};
}

} // namespace headwater::store
