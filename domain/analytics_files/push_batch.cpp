#include "domain/analytics_files/push_batch.hpp"

#include "domain/json/json_writer.hpp"

#include <algorithm>

namespace headwater::analytics_files {
namespace {

void append_count(std::string& out, std::string_view name,
                  const std::optional<std::int64_t>& value) {
  if (value)
    out.append(name).append(std::to_string(*value));
}

} // namespace

line_number push_batch::first_line() const {
  return lines.empty() ? 0 : *std::ranges::min_element(lines);
}

line_number push_batch::last_line() const {
  return lines.empty() ? 0 : *std::ranges::max_element(lines);
}

void batch_cutter::append(std::string& out, const referrals::referral_row& row) const {
  out.append(R"({"date":")").append(to_date_string(row.date));
  out.append(R"(","raw_referrer_value":)");
  append_json_string(out, row.raw_referrer_value);
  out.append(R"(,"raw_page_value":)");
  append_json_string(out, row.raw_page_value);
  append_count(out, R"(,"pageviews":)", row.metrics.pageviews);
  append_count(out, R"(,"sessions":)", row.metrics.sessions);
  append_count(out, R"(,"transactions":)", row.metrics.transactions);
  if (row.metrics.purchase_revenue) {
    out.append(R"(,"purchase_revenue":)");
    referrals::append_decimal(out, *row.metrics.purchase_revenue);
  }
  if (!batch_id_.empty() || row.batch_id) {
    out.append(R"(,"batch_id":)");
    append_json_string(out, batch_id_.empty() ? std::string(*row.batch_id)
                                              : batch_id_ + "-" + std::to_string(batch_.number));
  }
  out.append("}\n");
}

bool batch_cutter::add(const export_row& row, bool is_rejected) {
  if (batch_.lines.size() == rows_)
    return true;
  line_.clear();
  append(line_, row.row);
  if (!empty() && batch_.body.size() + line_.size() > max_batch_bytes)
    return true;
  batch_.body += line_;
  batch_.lines.push_back(row.line);
  batch_.rejected += is_rejected ? 1 : 0;
  return false;
}

push_batch batch_cutter::take() {
  push_batch next{batch_.number + 1, {}, {}, 0};
  std::swap(next, batch_);
  return next;
}

} // namespace headwater::analytics_files
