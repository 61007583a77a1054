// libFuzzer target: pushed batches of AI-referral rows. The same rows as an array and as lines give
// the same rows; what a push changes survives its event; a batch sent again changes nothing.

#include "domain/core/text.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/referrals/batch.hpp"
#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/row_reader.hpp"
#include "domain/referrals/row_value.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <optional>
#include <set>

using namespace headwater;
using namespace headwater::referrals;

namespace {

constexpr std::size_t max_rows = 40;
constexpr micros now = 1'700'000'000'000'000;

const connection_identity& connection_here() {
  static const connection_identity here{"01ARZ3NDEKTSV4RRFFQ69G5FAV", 7, "a.example",
                                        provider::custom, now};
  return here;
}

void check_row(const referral_row& row) {
  const auto& limits = row.metrics;
  fuzz::require(!row.raw_referrer_value.empty() &&
                    code_points(row.raw_referrer_value) <= row_limits::max_referrer &&
                    !row.raw_page_value.empty() &&
                    code_points(row.raw_page_value) <= row_limits::max_page,
                "a text beyond its limit", row.raw_referrer_value);
  for (const auto& count : {limits.pageviews, limits.sessions, limits.transactions})
    fuzz::require(!count || (*count >= 0 && *count <= row_limits::max_count), "a count");
  if (const auto& money = limits.purchase_revenue) {
    fuzz::require(money->millionths >= 0 && money->millionths <= revenue::max_millionths,
                  "a revenue beyond its limit");
    fuzz::require(parse_decimal(to_decimal(*money)) == money, "a revenue is read as another",
                  to_decimal(*money));
  }
  fuzz::require(parse_date(to_date_string(row.date)) == row.date, "a date is read as another");
  const auto stored = as_stored({row, "p"}, 7);
  const auto value = encode_row_value(stored);
  fuzz::require(fuzz::must(decode_row_value(value), "a stored row is not read") == stored,
                "a stored row is read as another");
}

void check_event(const batch_received& event) {
  const connection_event whole = event;
  const auto payload = encode(whole);
  const auto read = fuzz::must(decode_connection_event(type_of(whole), schema_of(whole), payload),
                               "an event of ours is not read");
  fuzz::require(read == whole, "an event is read as another", payload);
  fuzz::require_equal(encode(read), payload, "an event has two texts");
  const auto record = record_of(event, "7", "r");
  fuzz::require(fuzz::must(decode_batch_record(encode_batch_record(record)),
                           "a record of ours is not read") == record,
                "a record is read as another", payload);
}

void check_push(const row_batch& batch) {
  const auto total = batch.rows.size();
  auto screened = screen(batch, connection_here(), day_of(now), platform_list::shipped());
  fuzz::require(screened.accepted + screened.rejected == total, "a row is neither taken nor not");
  fuzz::require(screened.errors.size() <= batch_received::max_errors, "too many messages");
  for (const auto& each : screened.errors)
    fuzz::require(is_valid_utf8(each) && code_points(each) <= batch_received::max_error_length,
                  "a message too long to read", each);
  fuzz::require(screened.rows.size() + screened.superseded == screened.accepted,
                "a row is neither kept nor superseded");
  std::vector<std::optional<std::string>> stored(screened.rows.size());
  distinct_pages pages;
  std::vector<std::string> values;
  for (const auto& row : screened.rows)
    values.push_back(encode_row_value(as_stored(row, pages.add(row.row.raw_page_value))));
  auto again = screened;
  const auto plan = fuzz::must(settle(std::move(screened), stored), "a batch is not settled");
  fuzz::require(plan.event.accepted == plan.event.rows.size() + plan.event.deduplicated,
                "a row is lost");
  check_event(plan.event);
  for (std::size_t i = 0; i < values.size(); ++i)
    stored[i] = values[i];
  const auto second = fuzz::must(settle(std::move(again), stored), "a batch is not settled");
  fuzz::require(second.event.rows.empty() && second.rows.empty() && second.rollups.empty(),
                "a batch sent again changes something");
}

result<row_batch> read(std::string_view body, body_format format) {
  auto rows = read_rows(body, format, max_rows);
  if (!rows)
    fuzz::check_refusal(rows.error());
  else
    fuzz::require(rows->rows.size() <= max_rows, "too many rows");
  return rows;
}

/// Lines that are rows, as the elements of an array.
void check_as_array(std::string_view lines, const row_batch& rows) {
  std::string array = "[";
  while (!lines.empty()) {
    const auto line = without_json_blanks(fuzz::take_line(lines));
    if (!line.empty())
      array.append(array.size() > 1 ? "," : "").append(line);
  }
  array += ']';
  const auto other = read_rows(array, body_format::json_array, max_rows);
  if (!other) // one level deeper may be one too many
    return fuzz::require(nested_deeper_than(array, max_json_depth), "lines are no array",
                         other.error().message + "\n" + array);
  fuzz::require(other->rows == rows.rows, "an array of the lines has other rows", array);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = fuzz::text_of(data, size);
  const auto array = read(body, body_format::json_array);
  const auto lines = read(body, body_format::ndjson);
  fuzz::require(!array || sniff_format(body) == body_format::json_array, "an array is not seen",
                body);
  if (lines)
    check_as_array(body, *lines);
  for (const auto* each : {&array, &lines}) {
    if (!*each)
      continue;
    for (const auto& row : (*each)->rows)
      check_row(row);
    check_push(**each);
  }
  return 0;
}
