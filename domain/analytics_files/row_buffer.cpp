#include "domain/analytics_files/row_buffer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

namespace headwater::analytics_files {
namespace {

using referrals::revenue;

/// The part before a row's texts. The sizes fit: a page has at most 2048 code points.
struct row_head {
  line_number line = 0;
  std::array<std::int64_t, 4> metrics{};
  day_number date = 0;
  std::uint16_t referrer = 0, page = 0, batch_id = 0;
  std::uint8_t present = 0; ///< a bit for each metric, and has_batch_id
};

constexpr std::uint8_t has_batch_id = 16;

void put(row_head& head, unsigned place, const std::optional<std::int64_t>& value) {
  head.metrics[place] = value.value_or(0);
  head.present = static_cast<std::uint8_t>(head.present | (value ? 1U << place : 0U));
}

std::optional<std::int64_t> got(const row_head& head, unsigned place) {
  return (head.present >> place & 1U) != 0 ? std::optional{head.metrics[place]} : std::nullopt;
}

row_head head_of(const export_row& of) {
  const auto& row = of.row;
  row_head head;
  head.line = of.line;
  head.date = row.date;
  put(head, 0, row.metrics.pageviews);
  put(head, 1, row.metrics.sessions);
  put(head, 2, row.metrics.transactions);
  if (row.metrics.purchase_revenue)
    put(head, 3, row.metrics.purchase_revenue->millionths);
  head.referrer = static_cast<std::uint16_t>(row.raw_referrer_value.size());
  head.page = static_cast<std::uint16_t>(row.raw_page_value.size());
  if (row.batch_id) {
    head.batch_id = static_cast<std::uint16_t>(row.batch_id->size());
    head.present |= has_batch_id;
  }
  return head;
}

export_row row_of(const row_head& head, std::string_view texts) {
  export_row out;
  out.line = head.line;
  out.row.date = head.date;
  out.row.raw_referrer_value = texts.substr(0, head.referrer);
  out.row.raw_page_value = texts.substr(head.referrer, head.page);
  if ((head.present & has_batch_id) != 0)
    out.row.batch_id = texts.substr(head.referrer + head.page, head.batch_id);
  out.row.metrics = {got(head, 0), got(head, 1), got(head, 2), std::nullopt};
  if (const auto millionths = got(head, 3))
    out.row.metrics.purchase_revenue = revenue{*millionths};
  return out;
}

auto order_of(const export_row& of) {
  return std::tie(of.row.raw_referrer_value, of.row.date, of.row.raw_page_value, of.line);
}

} // namespace

bool comes_before(const export_row& a, const export_row& b) {
  return order_of(a) < order_of(b);
}

bool same_key(const referrals::referral_row& a, const referrals::referral_row& b) {
  return a.date == b.date && a.raw_page_value == b.raw_page_value &&
         a.raw_referrer_value == b.raw_referrer_value;
}

void append_row(std::string& out, const export_row& row) {
  const auto head = head_of(row);
  out.append(reinterpret_cast<const char*>(&head), sizeof head);
  out.append(row.row.raw_referrer_value).append(row.row.raw_page_value);
  if (row.row.batch_id)
    out.append(*row.row.batch_id);
}

bool take_row(std::string_view& bytes, export_row& into) {
  row_head head;
  if (bytes.size() < sizeof head)
    return false;
  std::memcpy(&head, bytes.data(), sizeof head);
  const auto size = sizeof head + head.referrer + head.page + head.batch_id;
  if (bytes.size() < size)
    return false;
  into = row_of(head, bytes.substr(sizeof head));
  bytes.remove_prefix(size);
  return true;
}

void row_buffer::add(const export_row& row) {
  if (text_.empty())
    text_.reserve(limit_ + limit_ / 8);
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  append_row(text_, row);
}

export_row row_buffer::starting_at(std::uint32_t start) const {
  row_head head; // add() wrote it whole
  std::memcpy(&head, text_.data() + start, sizeof head);
  return row_of(head, std::string_view(text_).substr(start + sizeof head));
}

export_row row_buffer::at(std::size_t place) const {
  return starting_at(starts_[place]);
}

void row_buffer::sort() {
  std::ranges::sort(starts_, [this](std::uint32_t a, std::uint32_t b) {
    return comes_before(starting_at(a), starting_at(b));
  });
}

void row_buffer::clear() {
  text_.clear();
  starts_.clear();
}

} // namespace headwater::analytics_files
