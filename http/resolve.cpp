#include "domain/accounts/authorisation.hpp"
#include "domain/attribution/rules.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/resolve_json.hpp"
#include "http/resolve_lines.hpp"
#include "http/rules_at.hpp"

namespace headwater::http {

namespace {

awaitable<void> resolve(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  const bool explain = check.boolean("explain", false);
  auto as_of = check.point("as_of");
  const bool looks_back = x.parameters.find("as_of").has_value();
  if ((explain || looks_back) && !accounts::has_scope(who->token, accounts::scope::read)) {
    x.fail(error{errc::forbidden, "Required scope: read"});
    co_return;
  }
  const auto slot = co_await enter_account(x, who, std::move(account_id), check);
  if (!slot)
    co_return;
  asked_rules asked;
  if (!as_of) {
    asked.compiled = slot->rule_set();
  } else {
    auto then = co_await rules_at(x, slot, std::move(*as_of), true);
    if (!then)
      co_return;
    asked = std::move(*then);
  }
  resolving with{asked.compiled, x.app().platforms, x.limits(),
                 x.app().service.parts().counters->regex_limit_hits, explain};
  with.as_of = asked.as_of;
  if (x.media_type() == "application/x-ndjson")
    co_await resolve_lines(x, with, slot);
  else
    co_await resolve_json(x, with, who, slot);
}

} // namespace

void add_resolve_routes(std::vector<route>& to) {
  to.push_back({method::post,
                "/resolve",
                family::rules,
                access::resolve,
                "resolveVisits",
                "Say where one visit or many came from",
                {200, 400, 401, 403, 404, 410, 413, 415, 422, 503},
                resolve,
                {"account_id", "explain", "as_of", "Prefer"},
                "VisitOrVisits",
                "AttributionOrResults"});
}

} // namespace headwater::http
