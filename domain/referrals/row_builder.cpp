#include "domain/referrals/row_builder.hpp"

#include "domain/core/text_rules.hpp"
#include "domain/json/json_number.hpp"

namespace headwater::referrals {
namespace {

constexpr std::size_t max_named_key = 128; ///< code points of a client's key in a fault

constexpr std::uint32_t bit(row_field field) {
  return std::uint32_t{1} << static_cast<unsigned>(field);
}

constexpr std::array<std::string_view, 8> names = {
    "date",     "raw_referrer_value", "raw_page_value",   "pageviews",
    "sessions", "transactions",       "purchase_revenue", "batch_id"};

row_field field_named(std::string_view name) {
  auto exactly = [name](row_field field) {
    return name == names[static_cast<std::size_t>(field)] ? field : row_field::unknown;
  };
  switch (name.size()) {
  case 4:
    return exactly(row_field::date);
  case 8:
    return exactly(name.front() == 's' ? row_field::sessions : row_field::batch_id);
  case 9:
    return exactly(row_field::pageviews);
  case 12:
    return exactly(row_field::transactions);
  case 14:
    return exactly(row_field::raw_page_value);
  case 16:
    return exactly(row_field::purchase_revenue);
  case 18:
    return exactly(row_field::raw_referrer_value);
  }
  return row_field::unknown;
}

} // namespace

std::string_view to_string(row_field field) noexcept {
  auto at = static_cast<std::size_t>(field);
  return at < names.size() ? names[at] : std::string_view{};
}

row_builder::row_builder(std::size_t row_depth, std::size_t max_events)
    : row_depth_(row_depth), max_events_(max_events) {}

/// False where the pass ends here.
bool row_builder::begin_value() {
  if (depth_ < row_depth_)
    failure_ = {errc::bad_request, "Request body is not a JSON array"};
  else if (at_row() && rows_begun_ == max_events_)
    failure_ = {errc::payload_too_large,
                "Batch has more than " + std::to_string(max_events_) + " events"};
  else
    rows_begun_ += at_row() ? 1 : 0;
  return !stopped();
}

void row_builder::null() {
  if (!begin_value())
    return;
  if (at_row())
    not_a_row();
  constexpr auto required =
      bit(row_field::date) | bit(row_field::raw_referrer_value) | bit(row_field::raw_page_value);
  if (at_field() && (bit(field_) & required) != 0)
    wrong_type();
}

void row_builder::boolean(bool) {
  if (!begin_value())
    return;
  if (at_row())
    not_a_row();
  if (at_field())
    wrong_type();
}

void row_builder::number(std::string_view text, bool in_range) {
  if (!begin_value())
    return;
  if (at_row())
    not_a_row();
  else
    read_number(text, in_range);
}

void row_builder::string(std::string_view value) {
  if (!begin_value())
    return;
  if (at_row())
    not_a_row();
  if (at_field())
    read_text(value);
}

void row_builder::key(std::string_view name) {
  if (!at_field()) {
    if (scopes_.repeats(name))
      fault_at_field("Duplicate key in a nested object", "duplicate_key");
    return;
  }
  field_ = field_named(name);
  field_name_ = name;
  if (repeated_key(name))
    fault_at_field("Duplicate key", "duplicate_key");
}

bool row_builder::repeated_key(std::string_view key) {
  if (field_ == row_field::unknown)
    return scopes_.repeats(key);
  bool again = (seen_ & bit(field_)) != 0;
  seen_ |= bit(field_);
  return again;
}

void row_builder::begin_object() {
  if (!begin_value())
    return;
  if (at_row()) {
    row_ = {};
    seen_ = 0;
  }
  if (at_field())
    wrong_type();
  scopes_.open();
  ++depth_;
}

void row_builder::end_object() {
  --depth_;
  scopes_.close();
  if (at_row())
    end_row();
}

void row_builder::begin_array() {
  if (depth_ >= row_depth_) {
    if (!begin_value())
      return;
    if (at_row())
      not_a_row();
    if (at_field())
      wrong_type();
  }
  ++depth_;
}

void row_builder::end_array() {
  --depth_;
}

void row_builder::add_fault(location place, std::string_view msg, std::string_view type) {
  faults_.push_back({std::move(place), std::string{msg}, std::string{type}});
}

void row_builder::fault_at_row(std::string_view msg, std::string_view type) {
  if (faults_.size() < row_limits::max_faults)
    add_fault({"body", static_cast<std::int64_t>(rows_begun_ - 1)}, msg, type);
}

void row_builder::fault_at_field(std::string_view msg, std::string_view type) {
  if (faults_.size() >= row_limits::max_faults)
    return;
  location place{"body", static_cast<std::int64_t>(rows_begun_ - 1)};
  if (field_name_)
    place = std::move(place) / first_code_points(*field_name_, max_named_key);
  add_fault(std::move(place), msg, type);
}

void row_builder::not_a_row() {
  // Faults inside such a value are told at the row.
  field_ = row_field::unknown;
  field_name_.reset();
  fault_at_row("Input should be an object", "model_attributes_type");
}

void row_builder::wrong_type() {
  switch (field_) {
  case row_field::date:
    return fault_at_field("Input should be a date in the form YYYY-MM-DD", "date_type");
  case row_field::raw_referrer_value:
  case row_field::raw_page_value:
  case row_field::batch_id:
    return fault_at_field("Input should be a valid string", "string_type");
  case row_field::pageviews:
  case row_field::sessions:
  case row_field::transactions:
    return fault_at_field("Input should be a valid integer", "int_type");
  case row_field::purchase_revenue:
    return fault_at_field("Input should be a valid number", "float_type");
  case row_field::unknown:
    return;
  }
}

void row_builder::read_number(std::string_view text, bool in_range) {
  if (at_field()) {
    switch (field_) {
    case row_field::pageviews:
      return set_count(row_.metrics.pageviews, text);
    case row_field::sessions:
      return set_count(row_.metrics.sessions, text);
    case row_field::transactions:
      return set_count(row_.metrics.transactions, text);
    case row_field::purchase_revenue:
      return set_revenue(text);
    case row_field::date:
    case row_field::raw_referrer_value:
    case row_field::raw_page_value:
    case row_field::batch_id:
      return wrong_type();
    case row_field::unknown:
      break;
    }
  }
  if (!in_range)
    fault_at_field("Input should be a finite number", "finite_number");
}

void row_builder::read_text(std::string_view text) {
  switch (field_) {
  case row_field::date:
    return read_date(text);
  case row_field::raw_referrer_value:
    if (good_text(text, row_limits::max_referrer))
      row_.raw_referrer_value = text;
    return;
  case row_field::raw_page_value:
    if (good_text(text, row_limits::max_page))
      row_.raw_page_value = text;
    return;
  case row_field::batch_id:
    if (good_text(text, row_limits::max_batch_id))
      row_.batch_id = text;
    return;
  case row_field::pageviews:
  case row_field::sessions:
  case row_field::transactions:
  case row_field::purchase_revenue:
    return wrong_type();
  case row_field::unknown:
    return;
  }
}

bool row_builder::good_text(std::string_view text, std::size_t most) {
  if (text.empty() && field_ != row_field::batch_id)
    fault_at_field("String should have at least 1 character", "string_too_short");
  else if (longer_than(text, most))
    fault_at_field("String should have at most " + std::to_string(most) + " characters",
                   "string_too_long");
  else if (text.find('\0') != std::string_view::npos)
    fault_at_field("String should not contain NUL", "string_nul");
  else
    return true;
  return false;
}

void row_builder::read_date(std::string_view text) {
  auto day = parse_date(text);
  if (day)
    row_.date = *day;
  else
    fault_at_field("Input should be a day of the calendar in the form YYYY-MM-DD", "date_parsing");
}

void row_builder::set_count(std::optional<std::int64_t>& metric, std::string_view text) {
  auto reading = read_count(text);
  if (!reading.fault) {
    metric = reading.value;
    return;
  }
  switch (*reading.fault) {
  case count_fault::not_a_number:
    return wrong_type();
  case count_fault::not_an_integer:
    return fault_at_field("Input should be a valid integer, got a number with a fractional part",
                          "int_from_float");
  case count_fault::negative:
    return fault_at_field("Input should be greater than or equal to 0", "greater_than_equal");
  case count_fault::too_large:
    return fault_at_field("Input should be less than or equal to 9007199254740991",
                          "less_than_equal");
  }
}

void row_builder::set_revenue(std::string_view text) {
  auto reading = read_revenue(text);
  if (!reading.fault) {
    row_.metrics.purchase_revenue = reading.value;
    return;
  }
  switch (*reading.fault) {
  case revenue_fault::malformed:
    return wrong_type();
  case revenue_fault::negative:
    return fault_at_field("Input should be greater than or equal to 0", "greater_than_equal");
  case revenue_fault::too_large:
    return fault_at_field("Input should be less than or equal to 9000000000000", "less_than_equal");
  }
}

void row_builder::end_row() {
  constexpr std::array required = {row_field::date, row_field::raw_referrer_value,
                                   row_field::raw_page_value};
  for (auto field : required)
    if ((seen_ & bit(field)) == 0) {
      field_ = field;
      field_name_ = to_string(field);
      fault_at_field("Field required", "missing");
    }
  if (faults_.empty())
    rows_.push_back(row_);
}

} // namespace headwater::referrals
