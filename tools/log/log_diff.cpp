// Implements `headwater log diff` of log.hpp.

#include "actors/views/asked_point.hpp"
#include "actors/views/time_travel.hpp"
#include "store/open_log.hpp"
#include "tools/log/diff_report.hpp"
#include "tools/log/log.hpp"
#include "tools/log/log_points.hpp"
#include "tools/terminal/progress.hpp"

#include <iostream>

namespace headwater::tools {

int diff_log(const log_options& with) {
  const auto log = store::open_log_to_read(with.data);
  if (!log)
    return log_failure(log.error());
  if (auto known = check_account((*log)->events(), (*log)->tables(), with.account); !known)
    return log_failure(known.error());
  actors::compare_rules wanted;
  wanted.account_id = with.account;
  wanted.sees_operators = true;
  wanted.waits_until = actors::steady_time::max();
  auto from = point_option("--from", with.from);
  auto to = point_option("--to", with.to);
  if (!from || !to)
    return log_failure(from ? to.error() : from.error());
  wanted.from = std::move(*from);
  wanted.to = std::move(*to);
  actors::recollections past;
  progress bar;
  bar.say("replaying");
  const auto compared = actors::compare((*log)->events(), (*log)->tables(), past, wanted);
  bar.clear();
  if (!compared)
    return log_failure(without_field(compared.error()));
  if (with.json)
    std::cout << compared->json << '\n';
  else
    print_diff(with.account, compared->json);
  return 0;
}

} // namespace headwater::tools
