#include "domain/referrals/row_block.hpp"

#include "domain/core/digest.hpp"
#include "domain/core/ordered_bytes.hpp"
#include "domain/core/ulid.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace headwater::referrals {
namespace {

constexpr std::size_t id_at = row_block_prefix.size();
constexpr std::size_t key_length = id_at + ulid_length + 4 + 1;

/// The indexes of the rows, sorted by place.
std::vector<std::uint32_t> order_of(std::span<const row_place> places) {
  std::vector<std::uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) -> const row_place& { return places[i]; });
  return order;
}

bool same_block(const row_place& a, const row_place& b) {
  return a.day == b.day && a.shard() == b.shard();
}

} // namespace

row_place place_of(const referral_row& row) {
  constexpr std::string_view nul{"\0", 1};
  const auto hash = sha256({row.raw_referrer_value, nul, row.raw_page_value});
  row_place place;
  place.day = row.date;
  std::memcpy(place.hash.data(), hash.data(), place.hash.size());
  return place;
}

std::string row_block_key(std::string_view connection_id, const row_place& place) {
  std::string key;
  key.reserve(key_length);
  key += row_block_prefix;
  key += connection_id;
  append_ordered(key, place.day);
  key.push_back(static_cast<char>(place.shard()));
  return key;
}

result<row_block_place> place_of_row_block(std::string_view key) {
  if (key.size() != key_length || !key.starts_with(row_block_prefix))
    return error{errc::corrupt_log, "Key of a block of rows: wrong form"};
  return row_block_place{key.substr(id_at, ulid_length),
                         read_ordered(key.substr(id_at + ulid_length, 4))};
}

std::vector<block_write> row_blocks(std::string_view connection_id,
                                    std::span<const stored_row> rows,
                                    std::span<const row_place> places) {
  std::vector<block_write> out;
  std::string value;
  const row_place* open = nullptr;
  for (const auto i : order_of(places)) {
    const auto& place = places[i];
    if (open == nullptr || !same_block(*open, place)) {
      if (!out.empty())
        out.back().block.shrink_to_fit();
      out.push_back({row_block_key(connection_id, place), empty_block()});
    }
    open = &place;
    value.clear();
    append_row_value(value, rows[i]);
    append_entry(out.back().block, bytes_of(place.hash), value);
  }
  return out;
}

row_lookup::row_lookup(std::span<const row_place> places)
    : places_(places), order_(order_of(places)), values_(places.size()) {
  for (std::size_t first = 0; first < order_.size();) {
    auto end = first + 1;
    while (end < order_.size() && same_block(places_[order_[end]], places_[order_[first]]))
      ++end;
    blocks_.push_back({places_[order_[first]], std::span{order_}.subspan(first, end - first)});
    first = end;
  }
}

result<void> row_lookup::take(const wanted_block& wanted, std::string_view block) {
  block_reader from{block};
  auto row = wanted.rows.begin();
  while (row != wanted.rows.end() && from.next()) {
    while (row != wanted.rows.end() && bytes_of(places_[*row].hash) < from.hash())
      ++row;
    if (row != wanted.rows.end() && bytes_of(places_[*row].hash) == from.hash())
      values_[*row++].emplace(from.value());
  }
  return from.verdict();
}

} // namespace headwater::referrals
