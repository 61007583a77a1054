#include "actors/views/platform_history.hpp"

#include "actors/views/event_pages.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/accounts/system_events.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <map>

namespace headwater::actors {
namespace {

/// A brand that has changed its platforms more often is searched for in the stream each time.
constexpr std::size_t most_kept_changes = 100'000;
constexpr std::size_t most_kept_lists = 8;
constexpr std::size_t most_kept_entries = 20'000;
constexpr std::size_t changes_per_look = 1'024;

const store::stream_name directory_stream{system_stream};

error past_for_too_long() {
  return {errc::service_unavailable, "The service is busy with the past; retry"};
}

/// Looks at the clock from time to time.
class history_clock {
public:
  explicit history_clock(steady_time waits_until) : waits_until_(waits_until) {}

  [[nodiscard]] bool is_over() {
    return ++events_ % changes_per_look == 0 && std::chrono::steady_clock::now() > waits_until_;
  }

private:
  steady_time waits_until_;
  std::size_t events_ = 0;
};

bool tells_of_platforms(const store::event_header& header) {
  return header.type.starts_with("brand_platform_");
}

result<accounts::system_event> decoded_change(const store::recorded_event& event) {
  auto out = accounts::decode_system_event(event.header.type, event.header.schema, event.payload);
  if (!out)
    return error{errc::corrupt_log, "stream " + directory_stream + ", sequence " +
                                        std::to_string(event.header.sequence) + ": " +
                                        out.error().message};
  return out;
}

/// The entry that a change is about; null for any other event.
const accounts::brand_platform* changed_entry(const accounts::system_event& event) {
  if (const auto* added = std::get_if<accounts::brand_platform_added>(&event))
    return &added->entry;
  if (const auto* changed = std::get_if<accounts::brand_platform_changed>(&event))
    return &changed->entry;
  if (const auto* removed = std::get_if<accounts::brand_platform_removed>(&event))
    return &removed->entry;
  return nullptr;
}

/// A brand's entries while its changes are applied.
class growing_list {
public:
  explicit growing_list(std::int64_t brand_id) : brand_id_(brand_id) {}

  result<void> apply(const store::recorded_event& event) {
    if (!event.part)
      return {}; // erased together with an account, whose past nobody may ask for
    TRY(const auto change, decoded_change(event));
    const auto* entry = changed_entry(change);
    if (!entry || entry->brand_id != brand_id_)
      return {};
    if (std::holds_alternative<accounts::brand_platform_removed>(change))
      platforms_.erase(entry->host);
    else
      platforms_.insert_or_assign(entry->host, entry->platform);
    return {};
  }

  [[nodiscard]] referrals::brand_list finish() const {
    std::vector<referrals::own_platform> entries;
    entries.reserve(platforms_.size());
    for (const auto& [host, platform] : platforms_)
      entries.push_back({host, platform});
    return {brand_id_, std::make_shared<const referrals::own_platforms>(std::move(entries))};
  }

private:
  std::int64_t brand_id_;
  std::map<std::string, std::string> platforms_;
};

/// What the brand has added up to the sequence; `changes` are those of it, or empty: search.
result<referrals::brand_list> replay_brand(const store::event_log& log, std::int64_t brand_id,
                                           std::span<const std::uint64_t> changes,
                                           std::uint64_t until, history_clock& clock) {
  growing_list list(brand_id);
  for (const auto sequence : changes) {
    if (clock.is_over())
      return past_for_too_long();
    TRY(const auto event, read_event(log, directory_stream, sequence));
    CHECK(list.apply(event));
  }
  if (!changes.empty())
    return list.finish();
  bool is_done = false;
  const auto read =
      log.read_stream(directory_stream, 1, [&](const store::recorded_event& event) -> result<void> {
        if (clock.is_over())
          return past_for_too_long();
        is_done = event.header.sequence > until;
        if (is_done)
          return error{errc::internal_error, "enough"};
        return tells_of_platforms(event.header) ? list.apply(event) : result<void>{};
      });
  if (!read && !is_done)
    return read.error();
  return list.finish();
}

} // namespace

void platform_history::note_change(std::int64_t brand_id, std::uint64_t sequence) {
  auto& brand = brands_[brand_id];
  if (!brand.is_crowded)
    brand.changes.push_back(sequence);
  if (brand.changes.size() <= most_kept_changes)
    return;
  brand.is_crowded = true;
  std::vector<std::uint64_t>().swap(brand.changes);
}

result<void> platform_history::note(const store::recorded_event& event) {
  const auto& header = event.header;
  const bool may_depart = header.type == "account_changed";
  if (!event.part || (!may_depart && !tells_of_platforms(header)))
    return {};
  TRY(const auto change, decoded_change(event));
  if (const auto* entry = changed_entry(change))
    note_change(entry->brand_id, header.sequence);
  const auto* account = std::get_if<accounts::account_changed>(&change);
  if (!account)
    return {};
  for (const auto brand_id : account->removed_brand_ids)
    // One that has added nothing before has nothing to take along.
    if (const auto brand = brands_.find(brand_id); brand != brands_.end()) {
      brand->second.departures.push_back({header.sequence, account->account.account_id});
      left_[account->account.account_id].push_back(brand_id);
    }
  return {};
}

result<void> platform_history::catch_up(const store::event_log& log, steady_time waits_until) {
  history_clock clock(waits_until);
  return log.read_stream(directory_stream, seen_ + 1,
                         [&](const store::recorded_event& event) -> result<void> {
                           if (clock.is_over())
                             return past_for_too_long();
                           CHECK(note(event));
                           seen_ = event.header.sequence;
                           return {};
                         });
}

/// A brand with platforms cannot leave its account, and one without an account can have none, so
/// the owner at a time is the one that it left first afterwards, or else the one of now.
bool platform_history::owned(std::int64_t brand_id, const std::string& account_id,
                             bool is_owner_now, std::uint64_t until) const {
  const auto brand = brands_.find(brand_id);
  if (brand == brands_.end())
    return false;
  const auto& departures = brand->second.departures;
  const auto next = std::ranges::upper_bound(departures, until, {}, &departure::sequence);
  return next == departures.end() ? is_owner_now : next->from == account_id;
}

std::vector<std::int64_t> platform_history::brands_of(const std::vector<std::int64_t>& now,
                                                      const std::string& account_id,
                                                      std::uint64_t until) const {
  std::vector<std::int64_t> out;
  for (const auto brand_id : now)
    if (owned(brand_id, account_id, true, until))
      out.push_back(brand_id);
  if (const auto left = left_.find(account_id); left != left_.end())
    for (const auto brand_id : left->second)
      if (owned(brand_id, account_id, false, until))
        out.push_back(brand_id);
  std::ranges::sort(out);
  const auto repeated = std::ranges::unique(out);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

auto platform_history::keep(state made) -> const found& {
  states_.push_front(std::move(made));
  std::size_t entries = 0;
  for (const auto& each : states_)
    entries += each.made.own_entries;
  while (states_.size() > 1 && (states_.size() > most_kept_lists || entries > most_kept_entries)) {
    entries -= states_.back().made.own_entries;
    states_.pop_back();
  }
  return states_.front().made;
}

auto platform_history::recall(const store::event_log& log, const store::table_store& tables,
                              const std::string& account_id, micros time, steady_time waits_until)
    -> result<found> {
  // Before the directory_stream, so that no departure from the account is missed.
  TRY(const auto account, stored_account(tables, account_id));
  CHECK(catch_up(log, waits_until));
  TRY(const auto until, count_until(log, directory_stream, seen_, time));
  const auto brand_ids =
      brands_of(account ? account->brand_ids : std::vector<std::int64_t>{}, account_id, until);
  state made{account_id, {}, {}};
  for (const auto brand_id : brand_ids) {
    const auto& brand = brands_.at(brand_id);
    const auto end = std::ranges::upper_bound(brand.changes, until);
    const auto count = static_cast<std::uint64_t>(end - brand.changes.begin());
    // The changes of a crowded brand are not counted; its version is where the stream ends.
    if (brand.is_crowded || count > 0)
      made.versions.emplace_back(brand_id, brand.is_crowded ? until : count);
  }
  for (auto at = states_.begin(); at != states_.end(); ++at)
    if (at->account_id == account_id && at->versions == made.versions) {
      states_.splice(states_.begin(), states_, at);
      return at->made;
    }
  history_clock clock(waits_until);
  std::vector<referrals::brand_list> lists;
  for (const auto& [brand_id, version] : made.versions) {
    const auto& brand = brands_.at(brand_id);
    const auto changes = std::span(brand.changes).first(brand.is_crowded ? 0 : version);
    TRY(auto list, replay_brand(log, brand_id, changes, until, clock));
    made.made.own_entries += list.own->list().entries().size();
    lists.push_back(std::move(list));
  }
  made.made.platforms = referrals::platforms_of(std::move(lists));
  return keep(std::move(made));
}

result<void> recall_platforms(const store::event_log& log, const store::table_store& tables,
                              platform_history& past, const recall_rules& wanted,
                              recalled_rules& to) {
  if (!wanted.platforms)
    return {};
  const auto time = wanted.at.version ? to.point.time : wanted.at.time;
  TRY(auto found, past.recall(log, tables, wanted.account_id, time, wanted.waits_until));
  to.platforms = std::move(found.platforms);
  to.own_entries = found.own_entries;
  return {};
}

} // namespace headwater::actors
