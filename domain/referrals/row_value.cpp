#include "domain/referrals/row_value.hpp"

#include "domain/core/ordered_bytes.hpp"
#include "domain/core/varint.hpp"

#include <cstdint>

namespace headwater::referrals {
namespace {

constexpr char value_version = 1;

enum presence : std::uint8_t {
  has_pageviews = 1,
  has_sessions = 2,
  has_transactions = 4,
  has_revenue = 8,
  has_batch_id = 16,
  known_bits = 31,
};

void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

std::uint8_t presence_of(const stored_row& row) {
  auto bits = (row.metrics.pageviews ? has_pageviews : 0) |
              (row.metrics.sessions ? has_sessions : 0) |
              (row.metrics.transactions ? has_transactions : 0) |
              (row.metrics.purchase_revenue ? has_revenue : 0) | (row.batch_id ? has_batch_id : 0);
  return static_cast<std::uint8_t>(bits);
}

void append_count(std::string& out, const std::optional<std::int64_t>& value) {
  if (value)
    append_varint(out, static_cast<std::uint64_t>(*value));
}

error bad_value(std::string_view what) {
  return {errc::corrupt_log, "Referral row value: " + std::string{what}};
}

} // namespace

stored_row as_stored(const platform_row& row, page_id page) {
  return {row.platform, row.row.raw_referrer_value, page, row.row.metrics, row.row.batch_id};
}

void append_row_value(std::string& out, const stored_row& row) {
  out.push_back(value_version);
  out.push_back(static_cast<char>(presence_of(row)));
  append_text(out, row.platform);
  append_text(out, row.raw_referrer_value);
  append_big_endian(out, row.page);
  append_count(out, row.metrics.pageviews);
  append_count(out, row.metrics.sessions);
  append_count(out, row.metrics.transactions);
  if (row.metrics.purchase_revenue)
    append_varint(out, static_cast<std::uint64_t>(row.metrics.purchase_revenue->millionths));
  if (row.batch_id)
    append_text(out, *row.batch_id);
}

std::string encode_row_value(const stored_row& row) {
  std::string out;
  append_row_value(out, row);
  return out;
}

result<stored_row> decode_row_value(std::string_view value) {
  varint_reader from{value};
  if (from.byte() != value_version)
    return bad_value("unknown version");
  auto bits = from.byte();
  if ((bits & ~known_bits) != 0)
    return bad_value("unknown presence bits");
  auto count = [&](presence bit) {
    return (bits & bit) != 0 ? std::optional{static_cast<std::int64_t>(
                                   from.varint(static_cast<std::uint64_t>(row_limits::max_count)))}
                             : std::nullopt;
  };
  stored_row row;
  row.platform = from.text();
  row.raw_referrer_value = from.text();
  row.page = read_big_endian<page_id>(from.bytes(sizeof(page_id)));
  row.metrics.pageviews = count(has_pageviews);
  row.metrics.sessions = count(has_sessions);
  row.metrics.transactions = count(has_transactions);
  if ((bits & has_revenue) != 0)
    row.metrics.purchase_revenue = revenue{static_cast<std::int64_t>(
        from.varint(static_cast<std::uint64_t>(revenue::max_millionths)))};
  if ((bits & has_batch_id) != 0)
    row.batch_id = from.text();
  if (!from.good() || !from.at_end())
    return bad_value("cut short, too long or out of range");
  return row;
}

} // namespace headwater::referrals
