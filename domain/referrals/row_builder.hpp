#pragma once

// Builds rows from the tokens of a JSON text: the handler of RapidJSON's SAX parser. Owned by one
// read_rows() call. Invariant: texts are taken as views, so the parser works in place in a buffer
// that outlives the rows.

#include "domain/core/error.hpp"
#include "domain/json/key_set.hpp"
#include "domain/referrals/json_pass.hpp"
#include "domain/referrals/referral_row.hpp"

#include <rapidjson/reader.h>

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

class row_builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, row_builder> {
public:
  /// Rows stand `row_depth` levels deep: 1 in an array, 0 alone on a line.
  row_builder(json_source from, std::size_t row_depth, std::size_t max_events);

  // RapidJSON's handler. False stops the parser; failure() says why.
  bool Null();
  bool Bool(bool value);
  bool RawNumber(const char* text, rapidjson::SizeType length, bool copy);
  bool String(const char* text, rapidjson::SizeType length, bool copy);
  bool Key(const char* text, rapidjson::SizeType length, bool copy);
  bool StartObject();
  bool EndObject(rapidjson::SizeType members);
  bool StartArray();
  bool EndArray(rapidjson::SizeType elements);

  [[nodiscard]] const std::optional<error>& failure() const { return failure_; }
  /// What the rows look into.
  [[nodiscard]] text_owner text() const { return from_.buffer; }
  [[nodiscard]] std::vector<referral_row>& rows() { return rows_; }
  [[nodiscard]] std::vector<fault>& faults() { return faults_; }

private:
  bool fail(error why);
  bool begin_value();
  bool enter();
  void leave();
  [[nodiscard]] bool at_field() const { return depth_ == row_depth_ + 1; }
  [[nodiscard]] bool at_row() const { return depth_ == row_depth_; }

  void fault_at_row(std::string_view msg, std::string_view type);
  void fault_at_field(std::string_view msg, std::string_view type);
  void add_fault(location place, std::string_view msg, std::string_view type);
  void wrong_type();
  void not_a_row();

  void read_number(std::string_view text);
  void read_text(std::string_view text);
  void read_date(std::string_view text);
  void set_count(std::optional<std::int64_t>& metric, std::string_view text);
  void set_revenue(std::string_view text);
  [[nodiscard]] bool good_text(std::string_view text, std::size_t most);
  bool repeated_key(std::string_view key);
  void end_row();

  json_source from_;
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
