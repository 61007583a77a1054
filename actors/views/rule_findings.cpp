#include "actors/views/rule_findings.hpp"

#include "actors/views/stored_rows.hpp"
#include "domain/core/try.hpp"
#include "domain/lint/lint.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/resolve/rule_set.hpp"

#include <ctime>

namespace headwater::actors {
namespace {

/// If an account has more connections than this, the websites of the rest are ignored.
constexpr std::size_t most_sites = 1'000;
/// If more rules than this have changed since they were compiled, compiling here is cheaper.
constexpr std::size_t longest_delta = 64;

std::chrono::nanoseconds work_of_this_thread() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

/// Adds the hosts of the websites of the account's active connections.
result<void> add_sites(const store::table_store& tables, const std::string& account_id,
                       std::vector<attribution::host>& to) {
  TRY(const auto account, stored_account(tables, account_id));
  if (!account)
    return {};
  for (const auto brand_id : account->brand_ids) {
    TRY(const auto connections, read_connections(tables, brand_id));
    for (const auto& [connection, at, text] : connections) {
      if (connection.status != referrals::connection_status::active)
        continue;
      // A website is free text; a name without a scheme is fine too.
      if (auto page = attribution::host_of_referrer(connection.identity.website))
        to.push_back(std::move(*page));
      if (to.size() >= most_sites)
        return {};
    }
  }
  return {};
}

} // namespace

lint_reply lint_rules(const store::table_store& tables, const lint_request& wanted) {
  using clock = std::chrono::steady_clock;
  if (clock::now() > wanted.waits_until)
    return error{errc::service_unavailable, "The service is busy; retry"};
  attribution::lint_options options;
  options.sites = wanted.sites;
  CHECK(add_sites(tables, wanted.account_id, options.sites));
  options.offset = wanted.offset;
  options.limit = wanted.limit;
  options.give_up = [work = work_of_this_thread() + longest_work,
                     wait = clock::now() + longest_wait] {
    return work_of_this_thread() > work || clock::now() > wait;
  };
  // There may have been a change between the rules and the set, or too many changes to scan.
  auto compiled = wanted.compiled;
  if (compiled->version() != wanted.rules->version() || compiled->delta_size() > longest_delta)
    compiled = std::make_shared<const attribution::rule_set>(*wanted.rules);
  const referrals::allow_list platforms;
  json_writer out;
  render(out, attribution::lint(*wanted.rules, *compiled, platforms, *wanted.lists, options));
  return lint_outcome{std::move(out).str()};
}

} // namespace headwater::actors
