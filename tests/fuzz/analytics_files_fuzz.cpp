// libFuzzer target: files that analytics tools export, CSV and NDJSON. The rows do not depend on
// the pieces in which a file is read, and each is one that the API takes.

#include "domain/analytics_files/export_reader.hpp"
#include "domain/analytics_files/push_batch.hpp"
#include "domain/analytics_files/row_buffer.hpp"
#include "domain/core/text.hpp"
#include "domain/referrals/row_reader.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <vector>

using namespace headwater;
using namespace headwater::analytics_files;

namespace {

/// What is read of a file, as text, and as the body of a push.
struct reading {
  std::string text;
  std::string body;
  std::uint64_t rows = 0;
};

void check_row(const export_row& row) {
  std::string bytes;
  append_row(bytes, row);
  std::string_view rest = bytes;
  export_row again;
  fuzz::require(take_row(rest, again) && rest.empty(), "a waiting row is not read");
  fuzz::require(again.line == row.line && again.row == row.row, "a waiting row is another");
}

reading read(const export_settings& settings, std::string_view file, std::size_t piece) {
  reading out;
  batch_cutter cutter(max_batch_rows, {});
  const auto source = [&](std::span<char> into) -> result<std::size_t> {
    const auto size = std::min({piece, file.size(), into.size()});
    std::copy_n(file.begin(), size, into.begin());
    file.remove_prefix(size);
    return size;
  };
  export_listener listener;
  listener.row = [&](const export_row& row) -> result<void> {
    check_row(row);
    ++out.rows;
    (void)cutter.add(row, false);
    return boost::system::in_place_value;
  };
  listener.fault = [&](const export_fault& fault) {
    fuzz::require(fault.line > 0 && !fault.reason.empty(), "a fault without a line or a reason");
    out.text += std::to_string(fault.line) + " " + fault.column + " " + fault.reason + "\n";
  };
  const auto tally = read_export(settings, source, listener);
  if (!cutter.empty())
    out.body = cutter.take().body;
  if (!tally) {
    fuzz::check_refusal(tally.error());
    out.text += tally.error().message;
    return out;
  }
  fuzz::require(tally->rows == out.rows + tally->bad_rows, "a row is neither good nor bad");
  out.text += std::to_string(tally->total_rows) + " " + std::to_string(tally->other_lines);
  for (const auto& each : tally->left_out)
    out.text += " " + each;
  return out;
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto file = fuzz::text_of(data, size);
  const auto options = static_cast<unsigned char>(fuzz::take_char(file));
  export_settings settings;
  settings.mark = options % 2 == 0 ? decimal_mark::point : decimal_mark::comma;
  settings.file_name = options / 2 % 2 == 0 ? "a.csv" : "a.ndjson";
  const auto whole = read(settings, file, file.size() + 1);
  const auto pieces = read(settings, file, 1 + options / 4U);
  fuzz::require_equal(whole.text, pieces.text, "pieces are read otherwise than the whole");
  fuzz::require_equal(whole.body, pieces.body, "pieces have other rows");
  if (whole.rows == 0)
    return 0;
  const auto taken = referrals::read_rows(whole.body, referrals::body_format::ndjson);
  fuzz::require(fuzz::must(taken, "the API refuses a row").rows.size() == whole.rows,
                "the API takes another number of rows", whole.body);
  return 0;
}
