#include "http/resolve/resolve_json.hpp"

#include "domain/accounts/authorisation.hpp"
#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/resolve/input/resolve_request.hpp"
#include "http/gate/gate.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/resolve/platforms_now.hpp"
#include "http/resolve/result_list.hpp"
#include "http/resolve/what_if.hpp"

namespace headwater::http {

namespace {

using attribution::resolve_request;

awaitable<result<answer>> resolve_all(exchange& x, const resolution& with,
                                      const resolve_request& request) {
  result_list results(x);
  for (const auto& each : request.visits) {
    json_writer out;
    resolve_into(out, with, each);
    results.add(out.view());
    if (!results.is_due())
      continue;
    const bool is_there = co_await results.go_on();
    if (!is_there)
      co_return sent();
  }
  const auto meta = ignored_meta(request.ignored_fields, with.as_of);
  const std::string_view no_summary;
  co_return co_await results.finish(no_summary, meta);
}

result<answer> resolve_one(const resolution& with, const resolve_request& request) {
  TRY(const auto found, with(*request.visits.front()));
  success_writer out;
  attribution::render(out.data(), found, with.explain);
  return std::move(out).finish(ignored_meta(request.ignored_fields, with.as_of));
}

/// Faults that fail the whole request, apart from its syntax.
result<void> check_request(const resolution& with, const entered_account& in,
                           const resolve_request& request) {
  if (request.is_what_if)
    CHECK(accounts::check_scope(in.who->token, accounts::scope::read));
  if (request.draft && !with.as_of.empty())
    return validation_failure({{{"query", "as_of"},
                                "A draft changes the rules of now: leave out one of the two",
                                "value_error"}});
  // The faults of a draft's rules are reported together with these.
  if (auto faults = request.all_faults(); !request.draft && !faults.empty())
    return validation_failure(std::move(faults));
  return {};
}

struct parsing {
  std::string body;
  std::size_t visits_limit = 0;
  bool strict = false;
  std::optional<result<resolve_request>> done;
};

awaitable<result<resolve_request>> parsed_in_background(exchange& x, bool strict) {
  const auto job = std::make_shared<parsing>();
  CO_TRY(job->body, co_await x.stream().take_all(x.limits().resolve_limit));
  job->visits_limit = x.limits().visits_limit;
  job->strict = strict;
  std::function<void()> parse = [job] {
    job->done.emplace(
        attribution::parse_resolve_request(job->body, job->visits_limit, job->strict));
  };
  CO_CHECK(co_await in_background(x, std::move(parse)));
  co_return std::move(*job->done);
}

} // namespace

awaitable<result<answer>> resolve_json(exchange& x, resolution with, const entered_account& in) {
  CO_TRY(const auto text, co_await json_text(x, x.limits().resolve_limit));
  resolve_request request;
  if (text.size() > longest_parsed_at_once) {
    CO_TRY(request, co_await parsed_in_background(x, with.strict));
  } else {
    CO_TRY(request, attribution::parse_resolve_request(text, x.limits().visits_limit, with.strict));
  }
  if (!with.rules) {
    if (request.is_batch || request.draft)
      x.called_off = in.loaded->pin();
    with.rules = in.loaded->rule_set();
    with.platforms = in.loaded->platforms.get();
  }
  if (!with.platforms) {
    CO_TRY(with.platforms, co_await platforms_now(x, in.loaded));
  }
  CO_CHECK(check_request(with, in, request));
  // Its changes are applied one by one while others have their turns.
  if (request.draft)
    CO_CHECK(x.reserve_parsed(text.size()));
  if (request.draft)
    co_return co_await resolve_what_if(x, with, in.loaded, std::move(request));
  if (request.is_batch)
    co_return co_await resolve_all(x, with, request);
  co_return resolve_one(with, request);
}

} // namespace headwater::http
