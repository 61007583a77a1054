#include "actors/protocol/erasure_progress.hpp"

#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace headwater::actors {
namespace {

/// The progress as in its record.
struct stored_progress {
  std::int64_t events_erased = 0;
  std::int64_t events_total = 0;
  std::int64_t finished_at = 0;
  std::string reason;
  std::int64_t started_at = 0;
  std::string status;
  std::string step;
};

constexpr std::array<std::string_view, 7> record_names{
    "events_erased", "events_total", "finished_at", "reason", "started_at", "status", "step"};

constexpr erasure_status statuses[] = {erasure_status::pending, erasure_status::running,
                                       erasure_status::done, erasure_status::failed};

template <class Enum>
const Enum* named(std::span<const Enum> all, std::string_view name) {
  const auto found = std::ranges::find_if(all, [&](Enum each) { return to_string(each) == name; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace
} // namespace headwater::actors

namespace headwater {

template <>
field_table<actors::stored_progress> fields_of<actors::stored_progress>() {
  using stored = actors::stored_progress;
  constexpr auto integer = field_kind::integer;
  static constexpr std::array table{
      bind<&stored::events_erased>({.name = "events_erased", .kind = integer}),
      bind<&stored::events_total>({.name = "events_total", .kind = integer}),
      bind<&stored::finished_at>({.name = "finished_at", .kind = integer}),
      bind<&stored::reason>({.name = "reason"}),
      bind<&stored::started_at>({.name = "started_at", .kind = integer}),
      bind<&stored::status>({.name = "status"}),
      bind<&stored::step>({.name = "step"}),
  };
  return table;
}

namespace actors {

std::string_view to_string(erasure_status status) {
  switch (status) {
  case erasure_status::pending:
    return "pending";
  case erasure_status::running:
    return "running";
  case erasure_status::done:
    return "done";
  case erasure_status::failed:
    return "failed";
  }
  return "unknown";
}

std::string_view to_string(erasure_step step) {
  switch (step) {
  case erasure_step::closing:
    return "closing";
  case erasure_step::events:
    return "events";
  case erasure_step::rows:
    return "rows";
  case erasure_step::files:
    return "files";
  }
  return "unknown";
}

std::string erasure_key(std::string_view account_id) {
  return "erasure/" + std::string(account_id);
}

std::string encode(const erasure_progress& progress) {
  const stored_progress stored{static_cast<std::int64_t>(progress.events_erased),
                               static_cast<std::int64_t>(progress.events_total),
                               progress.finished_at,
                               progress.reason,
                               progress.started_at,
                               std::string(to_string(progress.status)),
                               std::string(to_string(progress.step))};
  json_writer out;
  write_payload(out, stored, record_names);
  return std::move(out).str();
}

result<erasure_progress> decode_erasure_progress(std::string_view value) {
  TRY(auto stored, read_payload<stored_progress>(value, record_names));
  const auto* status = named<erasure_status>(statuses, stored.status);
  const auto* step = named<erasure_step>(erasure_steps, stored.step);
  if (status == nullptr || step == nullptr)
    return error{errc::corrupt_log, "the progress of an erasure is damaged"};
  erasure_progress out;
  out.status = *status;
  out.step = *step;
  out.events_erased = static_cast<std::uint64_t>(stored.events_erased);
  out.events_total = static_cast<std::uint64_t>(stored.events_total);
  out.started_at = stored.started_at;
  out.finished_at = stored.finished_at;
  out.reason = std::move(stored.reason);
  return out;
}

} // namespace actors
} // namespace headwater
