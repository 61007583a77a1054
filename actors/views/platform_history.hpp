#pragma once

// Which AI platforms the brands of an account had added at a time in the past. The system stream,
// where that is told, has the events of all accounts, so it is read only once: what is kept of it
// is where it tells of which brand's platforms, 8 bytes for each such event. Owned by the
// historian, on its thread; blocks on the disk.

#include "actors/protocol/rule_messages.hpp"
#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/platforms/account_platforms.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace headwater::actors {

class platform_history {
public:
  struct found {
    attribution::ai_platforms_ptr platforms; ///< never null
    std::size_t own_entries = 0;             ///< how many the brands had added
  };

  /// What counted for the account's visits after all events up to `time`.
  /// errc::service_unavailable if the caller has given up: what has been read of the stream is
  /// kept. errc::corrupt_log.
  [[nodiscard]] result<found> recall(const store::event_log& log, const store::table_store& tables,
                                     const std::string& account_id, micros time,
                                     steady_time waits_until);

private:
  struct departure {
    std::uint64_t sequence = 0;
    std::string from; ///< the account that the brand belonged to until then
  };
  /// What the system stream tells of a brand, by sequence.
  struct brand_past {
    std::vector<std::uint64_t> changes; ///< of its platforms; empty if `is_crowded`
    bool is_crowded = false;            ///< too many to keep: read the stream for them
    std::vector<departure> departures;
  };
  /// How many changes a brand had had: what it has added is the same as long as that is.
  using brand_versions = std::vector<std::pair<std::int64_t, std::uint64_t>>;
  struct state {
    std::string account_id;
    brand_versions versions;
    found made;
  };

  [[nodiscard]] result<void> catch_up(const store::event_log& log, steady_time waits_until);
  [[nodiscard]] result<void> note(const store::recorded_event& event);
  void note_change(std::int64_t brand_id, std::uint64_t sequence);
  [[nodiscard]] bool owned(std::int64_t brand_id, const std::string& account_id, bool is_owner_now,
                           std::uint64_t until) const;
  [[nodiscard]] std::vector<std::int64_t> brands_of(const std::vector<std::int64_t>& now,
                                                    const std::string& account_id,
                                                    std::uint64_t until) const;
  [[nodiscard]] const found& keep(state made);

  std::uint64_t seen_ = 0; ///< the last event of the system stream that was read
  keyed_map<std::int64_t, brand_past> brands_; ///< those that ever added something
  text_map<std::vector<std::int64_t>> left_;   ///< by account: the brands that departed from it
  std::list<state> states_;                    ///< most recently used first
};

/// Adds what recall_rules::platforms asks for to what was recalled.
[[nodiscard]] result<void> recall_platforms(const store::event_log& log,
                                            const store::table_store& tables,
                                            platform_history& past, const recall_rules& wanted,
                                            recalled_rules& to);

} // namespace headwater::actors
