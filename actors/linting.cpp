#include "actors/linting.hpp"

#include "actors/reading.hpp"
#include "domain/attribution/lint.hpp"
#include "domain/attribution/rule_set.hpp"
#include "domain/referrals/allow_list.hpp"

namespace headwater::actors {
namespace {

/// An account with more connections than this is linted without the rest of their websites.
constexpr std::size_t most_sites = 1'000;

/// Adds the hosts of the websites of the account's active connections.
result<void> add_sites(const service_parts& parts, const std::string& account_id,
                       std::vector<attribution::host>& to) {
  const auto account = read_account(parts, account_id);
  if (!account)
    return account.error();
  if (!*account)
    return {};
  for (const auto brand_id : (*account)->brand_ids) {
    const auto connections = read_connections(*parts.log, brand_id);
    if (!connections)
      return connections.error();
    for (const auto& [connection, at, text] : *connections) {
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

lint_reply lint_rules(const service_parts& parts, const lint_request& wanted) {
  using clock = std::chrono::steady_clock;
  if (clock::now() > wanted.waits_until)
    return error{errc::service_unavailable, "The service is busy; retry"};
  attribution::lint_options options;
  options.sites = wanted.sites;
  if (auto added = add_sites(parts, wanted.account_id, options.sites); !added)
    return added.error();
  options.offset = wanted.offset;
  options.limit = wanted.limit;
  options.give_up = [until = clock::now() + longest_lint] { return clock::now() > until; };
  // A change may have come between the rules and the set.
  auto compiled = wanted.compiled;
  if (compiled->version() != wanted.rules->version())
    compiled = std::make_shared<const attribution::rule_set>(*wanted.rules);
  const referrals::allow_list platforms;
  canonical_writer out;
  render(out, attribution::lint(*wanted.rules, *compiled, platforms, options));
  return lint_outcome{std::move(out).str()};
}

} // namespace headwater::actors
