#include "domain/referrals/rollup_key.hpp"

#include "domain/core/ordered_bytes.hpp"
#include "domain/core/ulid.hpp"

#include <chrono>

namespace headwater::referrals {
namespace {

constexpr std::size_t shard_at = 2 + ulid_length;
constexpr std::size_t period_length = 4;

std::chrono::year_month_day calendar_of(day_number day) {
  return std::chrono::sys_days{std::chrono::days{day}};
}

} // namespace

month_number month_of(day_number day) {
  const auto date = calendar_of(day);
  return (static_cast<int>(date.year()) - 1970) * 12 +
         static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

day_number first_day_of(month_number month) {
  using namespace std::chrono;
  const auto date = year{1970} / January / 1 + months{month};
  return static_cast<day_number>(sys_days{date}.time_since_epoch().count());
}

std::uint8_t shards_of(rollup_kind kind) {
  return kind == rollup_kind::platforms_of_day ? 1 : rollup_shards;
}

std::string rollup_prefix(rollup_kind kind, std::string_view connection_id, std::uint8_t shard) {
  std::string key;
  key.reserve(shard_at + 1 + period_length);
  key += static_cast<char>(kind);
  key += '/';
  key += connection_id;
  if (kind != rollup_kind::platforms_of_day)
    key.push_back(static_cast<char>(shard));
  return key;
}

std::string rollup_suffix(std::int32_t period) {
  std::string out;
  append_ordered(out, period);
  return out;
}

std::string rollup_key(rollup_kind kind, std::string_view connection_id, std::int32_t period,
                       std::uint8_t shard) {
  auto key = rollup_prefix(kind, connection_id, shard);
  append_ordered(key, period);
  return key;
}

std::string row_count_key(std::string_view connection_id) {
  return std::string{row_count_prefix}.append(connection_id);
}

result<std::int32_t> period_of_rollup_key(std::string_view key) {
  const auto is_by_platform = key.starts_with(static_cast<char>(rollup_kind::platforms_of_day));
  const auto period_at = shard_at + (is_by_platform ? 0 : 1);
  if (key.size() != period_at + period_length || key[1] != '/')
    return error{errc::corrupt_log, "Rollup key: wrong form"};
  return read_ordered(key.substr(period_at));
}

} // namespace headwater::referrals
