#include "tools/referrals/push_report.hpp"

#include "domain/json/json_writer.hpp"
#include "tools/api/answer_json.hpp"

#include <iomanip>
#include <iostream>

namespace headwater::tools {
namespace {

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void print_read(const push_summary& of) {
  std::cout << printable(of.file) << ": " << counted(of.read.rows, "row") << " read";
  if (of.added_up > 0)
    std::cout << ", " << of.added_up << " added up with a row of the same date, referrer and page";
  if (of.read.bad_rows > 0)
    std::cout << ", " << of.read.bad_rows << " bad" << bad_lines(of);
  std::cout << '\n';
}

void print_left_out(const push_summary& of) {
  if (of.read.total_rows > 0)
    std::cout << "left out: " << counted(of.read.total_rows, "row") << " of totals (line "
              << of.read.first_total << (of.read.total_rows > 1 ? " first" : "") << ")\n";
  if (of.read.other_lines > 0)
    std::cout << "left out: " << counted(of.read.other_lines, "line") << " of other tables\n";
  if (of.read.left_out.empty())
    return;
  std::cout << "columns without a field:";
  std::string_view comma = " ";
  for (const auto& name : of.read.left_out) {
    std::cout << comma << printable(name);
    comma = ", ";
  }
  std::cout << '\n';
}

void print_sent(const push_summary& of) {
  std::cout << (of.is_dry_run ? "dry run, nothing sent: " : "sent: ") << counted(of.rows, "row")
            << " in " << of.batches << (of.batches == 1 ? " batch: " : " batches: ") << of.accepted
            << " accepted";
  if (!of.is_dry_run)
    std::cout << " (" << of.unchanged << " unchanged)";
  std::cout << ", " << of.rejected << " rejected\n";
  std::cout << "took " << of.milliseconds / 1000 << '.' << of.milliseconds / 100 % 10 << " s";
  if (of.retries > 0)
    std::cout << ", tried again " << of.retries << (of.retries == 1 ? " time" : " times");
  std::cout << '\n';
}

void print_rejected(const push_summary& of) {
  if (of.most_rejected.empty() && of.future_rows == 0)
    return;
  std::cout << "\nrejected rows by referrer, as "
            << (of.is_servers_list ? "the server's" : "our own") << " list of AI platforms ("
            << printable(of.list_version) << ") has them:\n";
  auto more = of.rows_of_referrers;
  const auto line = [](std::uint64_t rows) -> std::ostream& {
    return std::cout << std::setw(10) << rows << "  ";
  };
  for (const auto& each : of.most_rejected) {
    line(each.rows) << printable(each.referrer) << '\n';
    more -= each.rows;
  }
  if (more > 0)
    line(more) << "of " << counted(of.rejected_referrers - of.most_rejected.size(), "more referrer")
               << '\n';
  if (of.future_rows > 0)
    line(of.future_rows) << "of listed referrers, dated after tomorrow (UTC)\n";
}

void write_rejected(json_writer& out, const push_summary& of) {
  auto more = of.rows_of_referrers;
  out.key("rejected_referrers").begin_array();
  for (const auto& each : of.most_rejected) {
    more -= each.rows;
    out.begin_object()
        .member("referrer", each.referrer)
        .member("rows", static_cast<std::int64_t>(each.rows))
        .member("reason", to_string(each.reason))
        .end_object();
  }
  out.end_array().key("more_rejected").begin_object();
  out.member("referrers",
             static_cast<std::int64_t>(of.rejected_referrers - of.most_rejected.size()))
      .member("rows", static_cast<std::int64_t>(more))
      .end_object();
}

void write_faults(json_writer& out, const push_summary& of) {
  out.key("faults").begin_array();
  for (const auto& each : of.faults)
    out.begin_object()
        .member("line", static_cast<std::int64_t>(each.line))
        .member("column", each.column)
        .member("reason", each.reason)
        .end_object();
  out.end_array().key("columns_without_field").begin_array();
  for (const auto& name : of.read.left_out)
    out.string(name);
  out.end_array().key("metrics_left_out").begin_array();
  for (const auto& each : of.read.emptied)
    out.begin_object()
        .member("column", each.column)
        .member("field", to_string(each.field))
        .end_object();
  out.end_array();
}

/// "FILE:line: field: message" for a fault from the server, whose `loc` is ["body", row, field].
std::string fault_line(const rapidjson::Value& fault, const std::string& file,
                       const analytics_files::push_batch* batch) {
  std::string place, field;
  const auto& loc = member(fault, "loc");
  if (loc.IsArray())
    for (const auto& step : loc.GetArray()) {
      const bool is_row =
          batch != nullptr && step.IsUint64() && step.GetUint64() < batch->lines.size();
      if (is_row)
        place = ":" + std::to_string(batch->lines[step.GetUint64()]);
      field = shown(step);
    }
  return printable(file) + place + ": " + field + ": " + shown(member(fault, "msg"));
}

} // namespace

void print_summary(const push_summary& of) {
  print_read(of);
  print_left_out(of);
  print_sent(of);
  if (of.is_complete)
    print_rejected(of);
}

void print_summary_json(const push_summary& of) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  json_writer out;
  out.begin_object()
      .member("file", of.file)
      .member("format", to_string(of.read.format))
      .key("dry_run")
      .boolean(of.is_dry_run)
      .key("complete")
      .boolean(of.is_complete)
      .key("failure");
  if (of.failure.empty())
    out.null();
  else
    out.string(of.failure);
  out.member("rows_read", number(of.read.rows))
      .member("rows_bad", number(of.read.bad_rows))
      .member("lines_bad", number(of.read.bad_lines))
      .member("rows_added_up", number(of.added_up))
      .member("rows_of_totals", number(of.read.total_rows))
      .member("lines_of_other_tables", number(of.read.other_lines))
      .member("rows_sent", number(of.is_dry_run ? 0 : of.rows))
      .member("rows_to_send", number(of.is_dry_run ? of.rows : 0))
      .member("batches", number(of.batches))
      .member("accepted", number(of.accepted))
      .member("rejected", number(of.rejected))
      .member("deduplicated", number(of.unchanged))
      .member("rejected_unexplained", number(of.unexplained))
      .member("rejected_future", number(of.future_rows));
  write_rejected(out, of);
  out.key("platform_list")
      .begin_object()
      .member("version", of.list_version)
      .member("from", of.is_servers_list ? "server" : "program")
      .end_object();
  write_faults(out, of);
  out.member("retries", number(of.retries)).member("milliseconds", of.milliseconds).end_object();
  std::cout << std::move(out).str() << '\n';
}

void print_faults(const push_summary& of) {
  for (const auto& each : of.faults)
    std::cerr << printable(of.file) << ':' << each.line << ": "
              << (each.column.empty() ? "" : printable(each.column) + ": ")
              << printable(each.reason) << '\n';
}

std::string bad_lines(const push_summary& of) {
  return of.read.bad_lines == of.read.bad_rows
             ? std::string{}
             : " (" + std::to_string(of.read.bad_lines) + " lines)";
}

void print_emptied(const push_summary& of) {
  for (const auto& each : of.read.emptied)
    std::cerr << "headwater: --map leaves '" << printable(each.column)
              << "' out: " << to_string(each.field)
              << " is null in those rows, and null replaces what was pushed before\n";
}

std::vector<std::string> refusal_lines(const api_answer& answer, const std::string& file,
                                       const analytics_files::push_batch* batch) {
  std::vector<std::string> out;
  const auto document = parsed_answer(answer.body);
  const auto& detail = member(document, "detail");
  auto first = "the server answered " + std::to_string(answer.status);
  if (detail.IsString())
    first += ": " + shown(detail);
  out.push_back(std::move(first));
  if (detail.IsArray())
    for (const auto& each : detail.GetArray())
      out.push_back(fault_line(each, file, batch));
  return out;
}

} // namespace headwater::tools
