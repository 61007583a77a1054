#include "domain/analytics_files/row_from_record.hpp"

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/json/json_number.hpp"

namespace headwater::analytics_files {
namespace {

using referrals::referral_row;
using referrals::revenue;
using referrals::revenue_fault;
using referrals::row_limits;

constexpr std::string_view not_set = "(not set)";

std::string reason_of(count_fault fault) {
  switch (fault) {
  case count_fault::not_a_number:
    return "is no number";
  case count_fault::not_an_integer:
    return "is no whole number";
  case count_fault::negative:
    return "is negative";
  case count_fault::too_large:
    return "is larger than 9007199254740991";
  }
  return "";
}

std::string reason_of(revenue_fault fault) {
  switch (fault) {
  case revenue_fault::malformed:
    return "is no number";
  case revenue_fault::negative:
    return "is negative";
  case revenue_fault::too_large:
    return "is larger than 9000000000000";
  }
  return "";
}

/// Makes one row; faults are added to the caller's.
class making {
public:
  making(const row_cells& cells, decimal_mark mark, std::vector<field_fault>& faults)
      : cells_(cells), mark_(mark), faults_(faults) {}

  [[nodiscard]] const std::optional<cell>& at(row_field field) const {
    return cells_[static_cast<std::size_t>(field)];
  }

  void fail(row_field field, std::string reason) { faults_.push_back({field, std::move(reason)}); }

  std::string_view text(row_field field, std::size_t most) {
    const auto& given = at(field);
    if (!given)
      fail(field, "is missing");
    else if (given->is_json_number)
      fail(field, "is a number and not a text");
    else if (longer_than(given->text, most))
      fail(field, "has " + std::to_string(code_points(given->text)) +
                      " characters, which is over " + std::to_string(most));
    else if (given->text.find('\0') != std::string_view::npos)
      fail(field, "has a NUL character");
    else
      return given->text;
    return {};
  }

  std::string_view dimension(row_field field, std::size_t most) {
    const auto found = text(field, most);
    return trimmed(found).empty() ? not_set : found;
  }

  /// The JSON number of a figure; nothing for null or a fault.
  std::optional<std::string> figure(row_field field) {
    const auto& given = at(field);
    if (!given || trimmed(given->text).empty())
      return std::nullopt;
    if (given->is_json_number)
      return std::string(given->text);
    auto number = plain_number(given->text, mark_);
    if (!number)
      fail(field, no_number(given->text, mark_));
    return number;
  }

  std::optional<std::int64_t> count(row_field field) {
    const auto number = figure(field);
    if (!number)
      return std::nullopt;
    const auto read = read_count(*number);
    if (!read.fault)
      return read.value;
    fail(field, quoted(field) + reason_of(*read.fault));
    return std::nullopt;
  }

  std::optional<revenue> money(row_field field) {
    const auto number = figure(field);
    if (!number)
      return std::nullopt;
    const auto read = referrals::read_revenue(*number);
    if (!read.fault)
      return read.value;
    fail(field, quoted(field) + reason_of(*read.fault));
    return std::nullopt;
  }

  day_number day(const date_reader& dates) {
    const auto& given = at(row_field::date);
    const auto read = given ? dates.read(given->text) : std::nullopt;
    if (!read)
      fail(row_field::date, given ? dates.no_day(given->text) : "is missing");
    return read.value_or(0);
  }

private:
  [[nodiscard]] std::string quoted(row_field field) const {
    return "'" + quoted_key(at(field)->text) + "' ";
  }

  const row_cells& cells_;
  decimal_mark mark_;
  std::vector<field_fault>& faults_;
};

} // namespace

bool row_from_record::make(const row_cells& cells, referral_row& out,
                           std::vector<field_fault>& faults) const {
  const auto before = faults.size();
  making row(cells, mark_, faults);
  out.date = row.day(dates_);
  out.raw_referrer_value = row.dimension(row_field::raw_referrer_value, row_limits::max_referrer);
  out.raw_page_value = row.dimension(row_field::raw_page_value, row_limits::max_page);
  out.metrics.pageviews = row.count(row_field::pageviews);
  out.metrics.sessions = row.count(row_field::sessions);
  out.metrics.transactions = row.count(row_field::transactions);
  out.metrics.purchase_revenue = row.money(row_field::purchase_revenue);
  out.batch_id.reset();
  if (const auto& id = row.at(row_field::batch_id); id && !id->text.empty())
    out.batch_id = row.text(row_field::batch_id, row_limits::max_batch_id);
  return faults.size() == before;
}

} // namespace headwater::analytics_files
