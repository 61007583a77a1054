#include "domain/referrals/batch.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/platforms/normaliser.hpp"
#include "domain/referrals/row_value.hpp"

#include <bit>
#include <cstring>
#include <set>
#include <string_view>
#include <utility>

namespace headwater::referrals {
namespace {

/// Finds the index of a key among those seen. Open addressing, so nothing is allocated per row. The
/// keys contain bytes of hashes, but a client that sends enough rows can choose those.
class key_index {
public:
  explicit key_index(std::size_t rows) : slots_(std::bit_ceil(rows * 2 + 1), 0) {}

  /// The index of `key` in `keys`; keys.size() if it is new, and then it is recorded with that
  /// index.
  std::size_t number_of(const row_place& key, const std::vector<row_place>& keys) {
    auto slot = hash_of(key) & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1))
      if (keys[slots_[slot] - 1] == key)
        return slots_[slot] - 1;
    slots_[slot] = static_cast<std::uint32_t>(keys.size() + 1);
    return keys.size();
  }

private:
  static std::size_t hash_of(const row_place& key) {
    std::uint64_t hash = 0;
    std::memcpy(&hash, key.hash.data(), sizeof hash);
    return hash_of_words(hash, static_cast<std::uint32_t>(key.day));
  }

  std::vector<std::uint32_t> slots_; ///< index + 1
};

void reject(screened_batch& out, std::size_t row, std::string_view why, std::string_view value) {
  ++out.rejected;
  if (out.errors.size() == batch_received::max_errors)
    return;
  auto message = "Row " + std::to_string(row) + ": ";
  message += why;
  message += value;
  out.errors.emplace_back(first_code_points(message, batch_received::max_error_length));
}

/// The platform of an accepted row; nothing if the row was rejected.
std::optional<std::string_view> admit(screened_batch& out, std::size_t number,
                                      const referral_row& row, day_number today,
                                      const platform_list& list, const own_platforms* own) {
  auto match = own ? match_referrer(list, *own, row.raw_referrer_value)
                   : match_referrer(list, row.raw_referrer_value);
  if (!match.platform) {
    std::string why = "referrer is not on the AI platform allow-list";
    if (match.reason != referrer_reason::not_listed)
      why += " (" + std::string{to_string(match.reason)} + ")";
    reject(out, number, why + ": ", row.raw_referrer_value);
    return std::nullopt;
  }
  if (row.date > today + 1) {
    reject(out, number, "date is after tomorrow (UTC): ", to_date_string(row.date));
    return std::nullopt;
  }
  return match.platform;
}

/// Collects distinct texts in order of appearance.
class distinct_texts {
public:
  explicit distinct_texts(std::vector<std::string>& out) : out_(out) {}

  void add(std::string_view text) {
    // Nearly always all rows have the same one.
    if ((!out_.empty() && out_.back() == text) || !seen_.insert(text).second)
      return;
    out_.emplace_back(text);
  }

private:
  std::vector<std::string>& out_;
  std::set<std::string_view> seen_;
};

/// Having the same place already means that referrer and page are the same.
bool same_but_for_batch_id(const stored_row& before, const platform_row& now) {
  return before.metrics == now.row.metrics && before.platform == now.platform;
}

} // namespace

screened_batch screen(const row_batch& batch, const connection_identity& connection,
                      day_number today, const platform_list& list, const own_platforms_ptr& own) {
  using texts_and_names = std::pair<text_owner, own_platforms_ptr>;
  screened_batch out;
  out.connection = connection;
  out.text = own ? std::make_shared<const texts_and_names>(batch.text, own) : batch.text;
  out.rows.reserve(batch.rows.size());
  out.places.reserve(batch.rows.size());
  distinct_texts batch_ids{out.batch_ids};
  key_index index{batch.rows.size()};
  for (std::size_t number = 0; number < batch.rows.size(); ++number) {
    const auto& row = batch.rows[number];
    if (row.batch_id)
      batch_ids.add(*row.batch_id);
    auto platform = admit(out, number, row, today, list, own.get());
    if (!platform)
      continue;
    ++out.accepted;
    const auto place = place_of(row);
    const auto earlier = index.number_of(place, out.places);
    if (earlier < out.places.size()) {
      ++out.superseded;
      out.rows[earlier] = {row, *platform};
      continue;
    }
    out.places.push_back(place);
    out.rows.push_back({row, *platform});
  }
  return out;
}

result<batch_plan> settle(screened_batch screened,
                          std::span<const std::optional<std::string>> stored) {
  if (stored.size() != screened.rows.size())
    return error{errc::internal_error, "The lookup of stored rows answered " +
                                           std::to_string(stored.size()) + " of " +
                                           std::to_string(screened.rows.size()) + " rows"};
  batch_plan plan;
  auto& event = plan.event;
  event.deduplicated = screened.superseded;
  std::vector<row_place> places; // of event.rows
  std::vector<stored_row> rows;  // the same as stored
  distinct_pages pages;
  rollup_changes rollups{screened.connection.id};
  event.rows.reserve(screened.rows.size());
  rows.reserve(screened.rows.size());
  places.reserve(screened.rows.size());
  for (std::size_t i = 0; i < screened.rows.size(); ++i) {
    const auto& now = screened.rows[i];
    const auto day = now.row.date;
    if (stored[i]) {
      TRY(auto before, decode_row_value(*stored[i]));
      if (same_but_for_batch_id(before, now)) {
        ++event.deduplicated;
        continue;
      }
      rollups.subtract(day, before);
    }
    rows.push_back(as_stored(now, pages.add(now.row.raw_page_value)));
    rollups.add(day, rows.back());
    places.push_back(screened.places[i]);
    event.rows.push_back(now);
  }
  plan.pages = std::move(pages).take();
  plan.rows = row_blocks(screened.connection.id, rows, places);
  plan.rollups = rollups.writes();
  event.connection = std::move(screened.connection);
  event.accepted = screened.accepted;
  event.rejected = screened.rejected;
  event.errors = std::move(screened.errors);
  event.batch_ids = std::move(screened.batch_ids);
  event.text = std::move(screened.text);
  return plan;
}

} // namespace headwater::referrals
