// GET /rules/lint: what is probably wrong with an account's rules. The linter runs on a thread of
// its own; here are parameters and the answer.

#include "actors/account_slot.hpp"
#include "domain/attribution/host.hpp"
#include "domain/attribution/rules.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/rules_at.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t most_findings = 1'000;

/// Every "site" of the query, a host or a URL.
std::vector<attribution::host> read_sites(const exchange& x, request_check& check) {
  std::vector<attribution::host> found;
  for (const auto& [name, value] : x.parameters.items()) {
    if (name != "site")
      continue;
    if (auto page = attribution::host_of_referrer(value))
      found.push_back(std::move(*page));
    else
      check.add({{"query", "site"}, "Input should be a host or a URL", "value_error"});
  }
  return found;
}

awaitable<void> lint_rules(exchange& x) {
  auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  actors::lint_request wanted;
  wanted.sites = read_sites(x, check);
  wanted.limit =
      static_cast<std::size_t>(check.integer("limit", 1, most_findings).value_or(most_findings));
  wanted.offset = static_cast<std::size_t>(check.integer("offset", 0).value_or(0));
  auto as_of = check.point("as_of");
  const auto slot = co_await enter_account(x, std::move(who), std::move(account_id), check);
  if (!slot)
    co_return;
  wanted.account_id = slot->id;
  const auto asked = co_await rules_asked_for(x, slot, std::move(as_of), true);
  if (!asked)
    co_return;
  wanted.rules = asked->rules;
  wanted.compiled = asked->compiled;
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  const auto reply = co_await ask<actors::lint_reply>(x, x.app().service.linter(), intent::read,
                                                      std::move(wanted));
  if (reply.has_error())
    x.fail(reply.error());
  else
    x.success(reply->json, ignored_meta({}, asked->as_of));
}

} // namespace

void add_rule_lint_routes(std::vector<route>& to) {
  to.push_back({method::get,
                "/rules/lint",
                family::rules,
                access::read,
                "lintRules",
                "Find rules that never decide, match too much or cost too much",
                {200, 401, 403, 404, 410, 422, 503},
                lint_rules,
                {"account_id", "site", "limit", "offset", "as_of"},
                {},
                "RuleLint"});
}

} // namespace headwater::http
