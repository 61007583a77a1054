#pragma once

// Builds rows from the tokens of a JSON text: a sink of json_buffer. Owned by one read_rows() call.
// Invariant: texts are taken as views into the buffer, which outlives the rows.

#include "domain/core/error.hpp"
#include "domain/json/key_set.hpp"
#include "domain/referrals/referral_row.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// The fields of a row, in the document's order.
enum class row_field : std::uint8_t {
  date,
  raw_referrer_value,
  raw_page_value,
  pageviews,
  sessions,
  transactions,
  purchase_revenue,
  batch_id,
  unknown,
};

[[nodiscard]] std::string_view to_string(row_field field) noexcept;

class row_builder {
public:
  /// Rows stand `row_depth` levels deep: 1 in an array, 0 alone on a line.
  row_builder(std::size_t row_depth, std::size_t max_events);

  // A sink of json_buffer (json_pass.hpp).
  void null();
  void boolean(bool value);
  void number(std::string_view text, bool in_range);
  void string(std::string_view value);
  void key(std::string_view name);
  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  [[nodiscard]] bool stopped() const { return failure_.has_value(); }

  /// Why the builder stopped the pass, if it did.
  [[nodiscard]] const std::optional<error>& failure() const { return failure_; }
  [[nodiscard]] std::vector<referral_row>& rows() { return rows_; }
  [[nodiscard]] std::vector<fault>& faults() { return faults_; }

private:
  bool begin_value();
  [[nodiscard]] bool at_field() const { return depth_ == row_depth_ + 1; }
  [[nodiscard]] bool at_row() const { return depth_ == row_depth_; }

  void fault_at_row(std::string_view msg, std::string_view type);
  void fault_at_field(std::string_view msg, std::string_view type);
  void add_fault(location place, std::string_view msg, std::string_view type);
  void wrong_type();
  void not_a_row();

  void read_number(std::string_view text, bool in_range);
  void read_text(std::string_view text);
  void read_date(std::string_view text);
  void set_count(std::optional<std::int64_t>& metric, std::string_view text);
  void set_revenue(std::string_view text);
  [[nodiscard]] bool good_text(std::string_view text, std::size_t most);
  bool repeated_key(std::string_view key);
  void end_row();

  std::size_t row_depth_;
  std::size_t max_events_;
  std::size_t depth_ = 0;
  std::size_t rows_begun_ = 0;
  referral_row row_;
  std::uint32_t seen_ = 0; ///< bit set over row_field
  row_field field_ = row_field::unknown;
  std::optional<std::string_view> field_name_; ///< nothing outside of members; may be ""
  key_set scopes_;
  std::vector<referral_row> rows_;
  std::vector<fault> faults_;
  std::optional<error> failure_;
};

} // namespace headwater::referrals
