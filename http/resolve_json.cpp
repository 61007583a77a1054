#include "http/resolve_json.hpp"

#include "domain/accounts/authorisation.hpp"
#include "domain/attribution/resolve_request.hpp"
#include "domain/core/fields.hpp"
#include "http/entrance.hpp"
#include "http/result_list.hpp"
#include "http/what_if.hpp"

namespace headwater::http {

namespace {

using attribution::resolve_request;

awaitable<void> resolve_all(exchange& x, const resolving& with, const resolve_request& request) {
  result_list results(x);
  for (const auto& each : request.visits) {
    canonical_writer out;
    resolve_into(out, with, each);
    results.add(out.view());
    if (!results.is_due())
      continue;
    const bool is_there = co_await results.go_on();
    if (!is_there)
      co_return;
  }
  const auto meta = ignored_meta(request.ignored_fields, with.as_of);
  const std::string_view no_summary;
  co_await results.finish(no_summary, meta);
}

void resolve_one(exchange& x, const resolving& with, const resolve_request& request) {
  const auto found = with(*request.visits.front());
  if (found.has_error()) {
    x.fail(found.error());
    return;
  }
  canonical_writer out;
  attribution::render(out, *found, with.explain);
  x.success(out.view(), ignored_meta(request.ignored_fields, with.as_of));
}

} // namespace

awaitable<void> resolve_json(exchange& x, const resolving& with, actors::token_ptr who,
                             actors::slot_ptr slot) {
  const auto text = co_await json_text(x, x.limits().resolve_limit);
  if (!text)
    co_return;
  auto request = attribution::parse_resolve_request(*text, x.limits().visits_limit);
  if (request.has_error()) {
    x.fail(request.error());
    co_return;
  }
  if (request->is_what_if && !accounts::has_scope(who->token, accounts::scope::read)) {
    x.fail(error{errc::forbidden, "Required scope: read"});
    co_return;
  }
  if (wants_strict(x.head))
    attribution::refuse_unknown(*request);
  if (request->draft && !with.as_of.empty()) {
    x.fail(validation_failure({{{"query", "as_of"},
                                "A draft changes the rules of now: leave out one of the two",
                                "value_error"}}));
    co_return;
  }
  if (request->draft) {
    co_await resolve_what_if(x, with, std::move(slot), std::move(*request));
    co_return;
  }
  if (auto faults = request->all_faults(); !faults.empty())
    x.fail(validation_failure(std::move(faults)));
  else if (request->is_batch)
    co_await resolve_all(x, with, *request);
  else
    resolve_one(x, with, *request);
}

} // namespace headwater::http
