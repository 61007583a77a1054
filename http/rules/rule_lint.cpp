// GET /rules/lint: what is probably wrong with an account's rules. The linter runs on a thread of
// its own; this file has parameters and the answer.

#include "actors/shared/loaded_account.hpp"
#include "domain/core/try.hpp"
#include "domain/hosts/host.hpp"
#include "domain/rules/rules.hpp"
#include "http/application.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/route.hpp"
#include "http/rules/rules_at.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t most_findings = 1'000;

/// Every "site" in the query, a host or a URL.
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

struct lint_query {
  std::vector<attribution::host> sites;
  std::size_t limit = 0;
  std::size_t offset = 0;
  std::optional<actors::asked_point> as_of;
};

lint_query read_lint(const exchange& x, request_check& check) {
  lint_query out;
  out.sites = read_sites(x, check);
  out.limit =
      static_cast<std::size_t>(check.integer("limit", 1, most_findings).value_or(most_findings));
  out.offset = static_cast<std::size_t>(check.integer("offset", 0).value_or(0));
  out.as_of = check.point("as_of");
  return out;
}

awaitable<result<answer>> lint_rules(exchange& x, const entered_account& in,
                                     const lint_query& query) {
  CO_TRY(const auto asked, co_await rules_asked_for(x, in.loaded, query.as_of, for_use::trying));
  actors::lint_request wanted;
  wanted.account_id = in.loaded->id;
  wanted.rules = asked.rules;
  wanted.compiled = asked.compiled;
  wanted.lists = x.app().lists.load();
  wanted.sites = query.sites;
  wanted.limit = query.limit;
  wanted.offset = query.offset;
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  co_return success(found.json, ignored_meta({}, asked.as_of));
}

constexpr route lint_route{.verb = method::get,
                           .path = "/rules/lint",
                           .gate = account(access::read),
                           .input = read_lint,
                           .name = "lintRules",
                           .summary =
                               "Find rules that never decide, match too much or cost too much",
                           .parameters = {"site*", "limit", "offset", "as_of"},
                           .answers = "RuleLint",
                           .run = lint_rules};

} // namespace

void add_rule_lint_routes(std::vector<endpoint>& to) {
  to.push_back(row(lint_route));
}

} // namespace headwater::http
