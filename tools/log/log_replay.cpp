// Implements `headwater log replay` of log.hpp.

#include "actors/views/time_travel.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/state_hash.hpp"
#include "store/open_log.hpp"
#include "tools/log/log.hpp"
#include "tools/log/log_points.hpp"
#include "tools/log/stream_replay.hpp"
#include "tools/terminal/progress.hpp"

#include <chrono>
#include <iostream>

namespace headwater::tools {
namespace {

template <class Rule>
std::string counts_text(const attribution::rule_store<Rule>& rules) {
  return std::to_string(rules.total()) + " " + std::string(attribution::rule_kind<Rule>::words) +
         "s (" + std::to_string(rules.active()) + " active)";
}

void print_account(const log_options& with, const attribution::rules_point& at,
                   const attribution::account_rules& rules) {
  const auto state = rules.canonical();
  const auto hash = sha256({state});
  if (with.json) {
    json_writer out;
    out.begin_object();
    attribution::write_state_members(out, with.account, at, rules, hash);
    if (with.state)
      out.key("state").raw(state);
    out.end_object();
    std::cout << out.view() << '\n';
    return;
  }
  std::cout << "account " << with.account << " at version " << at.version;
  if (at.version > 0)
    std::cout << " (" << to_rfc3339_micros(at.time) << ')';
  std::cout << '\n'
            << counts_text(rules.passthrough_referrers()) << ", "
            << counts_text(rules.referrer_mappings()) << "\nstate hash " << to_hex(hash) << '\n';
  if (with.state)
    std::cout << state << '\n';
}

int replay_one(const store::event_log& log, const store::table_store& tables,
               const log_options& with) {
  if (auto known = check_account(log, tables, with.account); !known)
    return log_failure(known.error());
  const auto asked = point_option("--as-of", with.as_of);
  if (!asked)
    return log_failure(asked.error());
  const auto at = actors::locate(log, with.account, *asked);
  if (!at)
    return log_failure(without_field(at.error()));
  progress bar;
  const auto rules = replay_account(log, with.account, at->version, [&](std::uint64_t done) {
    bar.show("replaying", done, at->version);
  });
  bar.clear();
  if (!rules)
    return log_failure(rules.error());
  print_account(with, *at, *rules);
  return 0;
}

void print_sum(const log_options& with, const replayed_streams& all, double seconds) {
  if (with.json) {
    json_writer out;
    out.begin_object().member("accounts", static_cast<std::int64_t>(all.accounts));
    out.member("erased", static_cast<std::int64_t>(all.erased));
    out.member("events", static_cast<std::int64_t>(all.events));
    out.member("state_hash", to_hex(all.hash));
    out.member("streams", static_cast<std::int64_t>(all.streams)).end_object();
    std::cout << out.view() << '\n';
    return;
  }
  std::cout << "replayed " << all.events << " events of " << all.streams << " streams, "
            << all.accounts << " of them accounts' rules";
  if (all.erased > 0)
    std::cout << ", " << all.erased << " of these erased";
  std::cout << ", in " << seconds << " s";
  if (seconds > 0)
    std::cout << ": " << static_cast<std::uint64_t>(static_cast<double>(all.events) / seconds)
              << " events a second";
  std::cout << "\nstate hash of all " << to_hex(all.hash) << '\n';
}

int replay_all(const store::event_log& log, const log_options& with) {
  const auto until = point_option("--as-of", with.as_of);
  if (!until)
    return log_failure(until.error());
  if (until->version)
    return log_failure(
        {errc::validation_error, "--as-of: without --account it is a time, not a version"});
  const auto began = std::chrono::steady_clock::now();
  const auto end = log.end().position;
  int status = 0;
  progress bar;
  replay_report tell;
  tell.line = [&](std::string_view line) {
    if (with.json)
      std::cout << line;
  };
  tell.fault = [&](const error& why) {
    bar.clear();
    status = log_failure(why);
  };
  tell.events = [&](std::uint64_t done) { bar.show("replaying", done, end); };
  const auto all = replay_streams(log, until->time, tell);
  bar.clear();
  if (!all)
    return log_failure(all.error());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (status != 0)
    return status;
  print_sum(with, *all, took.count());
  return 0;
}

} // namespace

int replay_log(const log_options& with) {
  const auto opened = store::open_log_to_read(with.data);
  if (!opened)
    return log_failure(opened.error());
  const auto& log = **opened;
  return with.account.empty() ? replay_all(log.events(), with)
                              : replay_one(log.events(), log.tables(), with);
}

} // namespace headwater::tools
