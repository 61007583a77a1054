#include "tools/log/log_points.hpp"

#include "actors/views/projections.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "store/audit/erasures.hpp"
#include "store/log/first_event.hpp"
#include "tools/log/log.hpp"

namespace headwater::tools {

result<void> check_account(const store::event_log& log, const store::table_store& tables,
                           const std::string& account_id) {
  TRY(const auto first, store::first_event(log, actors::account_stream(account_id), 1));
  store::erasure_check erased{log};
  if (first)
    if (auto accounted = erased(*first); !accounted)
      return accounted;
  if (first && !first->part)
    return error{errc::gone, "account " + account_id + " was erased: its payloads are gone"};
  if (first)
    return {};
  TRY(const auto row, tables.get(store::table::directory, accounts::account_key(account_id)));
  if (!row)
    return error{errc::not_found, "there is no account " + account_id};
  return {};
}

result<actors::asked_point> point_option(const std::string& flag, const std::string& text) {
  if (text.empty())
    return actors::now_point();
  auto point = actors::read_point(location{flag}, text);
  if (!point)
    return error{errc::validation_error,
                 flag + ": '" + text +
                     "' is neither a version nor an RFC 3339 time such as 2026-05-20T10:00:00Z"};
  return std::move(*point);
}

error without_field(error why) {
  if (!why.faults.empty())
    why.message = to_string(why.faults.front().at) + ": " + why.message;
  why.faults.clear();
  return why;
}

} // namespace headwater::tools
