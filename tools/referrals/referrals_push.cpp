#include "tools/referrals/referrals_push.hpp"

#include "domain/core/digest.hpp"
#include "domain/core/text.hpp"
#include "tools/api/answer_json.hpp"
#include "tools/api/api_token.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/input_file.hpp"

#include <chrono>
#include <iostream>
#include <random>

namespace headwater::tools {
namespace {

using analytics_files::export_fault;
using analytics_files::export_row;
using analytics_files::push_batch;

constexpr int refusal = 1;
constexpr std::size_t most_faults = 100;

/// Identifies this run in Idempotency-Keys. The file does not, because pushing it again after
/// another file is meant to take effect, and so is pushing it after the list of platforms has
/// grown.
std::string new_run() {
  std::random_device random;
  std::string bytes;
  for (int i = 0; i < 16; ++i)
    bytes += static_cast<char>(random());
  return "referrals-push-" + to_hex(bytes);
}

/// Tomorrow in UTC, the last day that the API accepts.
day_number last_day() {
  using namespace std::chrono;
  const auto now = system_clock::now().time_since_epoch();
  return day_of(duration_cast<microseconds>(now).count()) + 1;
}

analytics_files::owned_list own_list() {
  return {std::shared_ptr<const void>{}, &referrals::platform_list::shipped()};
}

std::string place_of(const push_batch& batch) {
  return "batch " + std::to_string(batch.number) + " (lines " + std::to_string(batch.first_line()) +
         " to " + std::to_string(batch.last_line()) + " of the file)";
}

} // namespace

referrals_push::referrals_push(const push_options& with) : with_(with), list_(own_list()) {
  summary_.file = with.file;
  summary_.is_dry_run = with.dry_run;
}

int referrals_push::run() {
  const auto began = std::chrono::steady_clock::now();
  auto ended = prepare();
  if (!ended)
    ended = find_server();
  if (!ended)
    ended = read_file();
  if (!ended)
    ended = judge_faults();
  const bool was_sound = !ended;
  if (!ended)
    ended = send_rows();
  bar_.clear();
  summary_.is_complete = !ended;
  summary_.retries = client_ ? client_->retries() : 0;
  summary_.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::steady_clock::now() - began)
                              .count();
  report(was_sound);
  return ended.value_or(0);
}

int referrals_push::say(int status, const std::string& why) {
  bar_.clear();
  std::cerr << "headwater: " << why << '\n';
  if (summary_.failure.empty())
    summary_.failure = why;
  return status;
}

referrals_push::step referrals_push::prepare() {
  settings_.format = with_.format;
  settings_.file_name = with_.file;
  settings_.mark = with_.decimal == "comma" ? analytics_files::decimal_mark::comma
                                            : analytics_files::decimal_mark::point;
  std::vector<analytics_files::column_rule> rules;
  for (const auto& text : with_.maps) {
    auto rule = analytics_files::read_column_rule(text);
    if (!rule)
      return say(could_not, "--map: " + rule.error().message);
    rules.push_back(std::move(*rule));
  }
  settings_.columns = analytics_files::column_names(std::move(rules));
  if (with_.date_format.empty())
    return std::nullopt;
  auto dates = analytics_files::date_reader::of(with_.date_format);
  if (!dates)
    return say(could_not, "--date-format: " + dates.error().message);
  settings_.dates = std::move(*dates);
  return std::nullopt;
}

referrals_push::step referrals_push::find_server() {
  summary_.list_version = list_->version();
  auto token = find_token(with_.token_file);
  if (!token && with_.dry_run && token.error().code == errc::unauthorized &&
      with_.token_file.empty())
    return std::nullopt;
  if (!token)
    return say(could_not, token.error().message);
  auto server = parse_server_url(with_.url);
  if (!server)
    return say(could_not, server.error().message);
  push_target target{std::move(*server), std::move(*token), with_.brand, with_.connection};
  client_.emplace(std::move(target), new_run(), with_.retries, [this](const std::string& line) {
    bar_.clear();
    std::cerr << "headwater: " << line << '\n';
  });
  if (auto ended = ask_for_connection())
    return ended;
  return ask_for_list();
}

/// A token that may only write cannot see connections or platforms, but may push.
referrals_push::step referrals_push::ask_for_connection() {
  const auto answer = client_->get("connections");
  if (!answer)
    return say(could_not, answer.error().message);
  if (answer->status == 403)
    return std::nullopt;
  if (answer->status != 200)
    return refused(*answer, "");
  const auto document = parsed_answer(answer->body);
  const auto& items = member(document, "items");
  if (!items.IsArray())
    return say(could_not, "the server's answer is not one of Headwater");
  for (const auto& each : items.GetArray())
    if (ascii_lower(text_of(member(each, "id"))) == ascii_lower(with_.connection)) {
      if (text_of(member(each, "status")) == "active")
        return std::nullopt;
      return say(refusal, "the connection is disabled; register it again before you push");
    }
  return say(refusal, "brand " + std::to_string(with_.brand) + " has no connection " +
                          printable(with_.connection));
}

referrals_push::step referrals_push::ask_for_list() {
  const auto answer = client_->get("platforms");
  if (!answer)
    return say(could_not, answer.error().message);
  if (answer->status == 403 || answer->status == 404) {
    std::cerr
        << "headwater: the server does not tell this token its list of AI platforms; rejected "
           "referrers are counted by the program's own\n";
    return std::nullopt;
  }
  if (answer->status != 200)
    return refused(*answer, "");
  auto list = analytics_files::read_platforms(answer->body);
  if (!list)
    return say(could_not, list.error().message);
  list_ = std::move(*list);
  summary_.list_version = list_->version();
  summary_.is_servers_list = true;
  return std::nullopt;
}

analytics_files::export_listener referrals_push::listener(std::uint64_t size) {
  analytics_files::export_listener out;
  out.row = [this](const export_row& row) { return store_.add(row); };
  out.fault = [this](export_fault fault) {
    if (summary_.faults.size() < most_faults)
      summary_.faults.push_back(std::move(fault));
  };
  out.progress = [this, size](std::uint64_t done) {
    bar_.show("reading", size > 0 ? std::min(done, size) : done, size);
  };
  return out;
}

referrals_push::step referrals_push::read_file() {
  input_file file;
  if (auto opened = file.open(with_.file); !opened)
    return say(could_not, opened.error().message);
  auto read = analytics_files::read_export(
      settings_, [&](std::span<char> into) { return file.read(into); }, listener(file.size()));
  bar_.clear();
  if (read) {
    summary_.read = std::move(*read);
    return std::nullopt;
  }
  const auto& why = read.error();
  if (why.code == errc::bad_request)
    return say(refusal,
               printable(with_.file) + ": " + printable(why.message) + "; nothing was sent");
  return say(could_not, why.message);
}

referrals_push::step referrals_push::judge_faults() {
  print_faults(summary_);
  print_emptied(summary_);
  const auto bad = summary_.read.bad_rows;
  if (bad == 0)
    return std::nullopt;
  auto line = std::to_string(bad) + " of " + std::to_string(summary_.read.rows) +
              " rows cannot be read" + bad_lines(summary_);
  if (summary_.faults.size() == most_faults)
    line += ", the first " + std::to_string(most_faults) + " faults above";
  if (!with_.skip_bad)
    return say(refusal, line + "; nothing was sent (--skip-bad leaves such rows out)");
  std::cerr << "headwater: " << line << " and were left out\n";
  return std::nullopt;
}

referrals_push::step referrals_push::send_rows() {
  auto rows = store_.merge();
  analytics_files::batch_cutter cutter(with_.batch_size, with_.batch_id);
  analytics_files::rejections rejected(list_, last_day());
  export_row row;
  step ended;
  while (!ended) {
    const auto more = rows.next(row);
    summary_.added_up = rows.added_up();
    if (!more) {
      ended =
          say(more.error().code == errc::bad_request ? refusal : could_not, more.error().message);
      break;
    }
    if (!*more)
      break;
    const bool is_rejected = rejected.add(row.row);
    if (cutter.add(row, is_rejected)) {
      ended = send(cutter.take());
      bar_.show("sending", rows.read(), store_.size());
      static_cast<void>(cutter.add(row, is_rejected)); // an empty batch takes any row
    }
  }
  if (!ended && !cutter.empty())
    ended = send(cutter.take());
  summary_.most_rejected = rejected.most_frequent();
  summary_.rejected_referrers = rejected.referrers();
  summary_.rows_of_referrers = rejected.rows();
  summary_.future_rows = rejected.future_rows();
  if (ended)
    tell_what_was_taken();
  return ended;
}

referrals_push::step referrals_push::send(const push_batch& batch) {
  if (with_.dry_run) {
    ++summary_.batches;
    summary_.rows += batch.lines.size();
    summary_.rejected += batch.rejected;
    summary_.accepted += batch.lines.size() - batch.rejected;
    return std::nullopt;
  }
  const auto answer = client_->push(batch);
  if (!answer)
    return say(could_not, place_of(batch) + ": " + answer.error().message);
  if (answer->status != 200)
    return refused(*answer, place_of(batch) + ": ", &batch);
  return count(batch, *answer);
}

referrals_push::step referrals_push::count(const push_batch& batch, const api_answer& answer) {
  const auto document = parsed_answer(answer.body);
  const auto part = [&](const char* name) {
    const auto& value = member(document, name);
    return value.IsUint64() ? value.GetUint64() : std::uint64_t{0};
  };
  const auto accepted = part("accepted"), rejected = part("rejected");
  if (accepted + rejected != batch.lines.size())
    return say(could_not, place_of(batch) + ": the server's answer is not one of Headwater");
  ++summary_.batches;
  summary_.rows += batch.lines.size();
  summary_.accepted += accepted;
  summary_.rejected += rejected;
  summary_.unchanged += part("deduplicated");
  summary_.unexplained +=
      rejected > batch.rejected ? rejected - batch.rejected : batch.rejected - rejected;
  return std::nullopt;
}

int referrals_push::refused(const api_answer& answer, const std::string& what,
                            const push_batch* batch) {
  const int status = answer.status < 500 && answer.status != 429 ? refusal : could_not;
  const auto lines = refusal_lines(answer, with_.file, batch);
  const bool is_too_large = answer.status == 413 && batch != nullptr;
  say(status, what + lines.front() + (is_too_large ? "; try a smaller --batch-size" : ""));
  for (std::size_t i = 1; i < lines.size(); ++i)
    std::cerr << lines[i] << '\n';
  return status;
}

void referrals_push::tell_what_was_taken() {
  if (with_.dry_run)
    return;
  say(0, std::to_string(summary_.rows) + " rows were taken before. Running the same command again "
                                         "is safe: what the server has is not counted twice");
}

void referrals_push::report(bool was_sound) {
  if (summary_.unexplained > 0)
    std::cerr << "headwater: the list of AI platforms explains " << summary_.unexplained
              << " rows otherwise than the server decided; trust its totals and not the counts by "
                 "referrer\n";
  if (with_.json)
    print_summary_json(summary_);
  else if (was_sound)
    print_summary(summary_);
}

} // namespace headwater::tools
