#include "http/resolve/resolve_json.hpp"

#include "domain/accounts/authorisation.hpp"
#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/resolve/input/resolve_request.hpp"
#include "http/gate/gate.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/resolve/long_visits.hpp"
#include "http/resolve/platforms_now.hpp"
#include "http/resolve/result_list.hpp"
#include "http/resolve/what_if.hpp"

namespace headwater::http {

namespace {

using attribution::resolve_request;

awaitable<result<answer>> resolve_all(exchange& x, const resolution& with,
                                      resolve_request request) {
  result_list results(x);
  for (auto& each : request.visits) {
    json_writer out;
    if (is_long(each)) {
      auto made = co_await resolved_long(x, with, std::move(*each));
      add_result(out, made);
    } else {
      resolve_into(out, with, each);
    }
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

awaitable<result<answer>> resolve_long_one(exchange& x, const resolution& with,
                                           resolve_request request) {
  auto render = [with](const attribution::visit& of) -> result<std::string> {
    TRY(const auto found, with(of));
    json_writer out;
    attribution::render(out, found, with.explain);
    return std::move(out).str();
  };
  CO_TRY(const auto data,
         co_await resolved_in_background(x, std::move(*request.visits.front()), std::move(render)));
  co_return large_success(x, data, ignored_meta(request.ignored_fields, with.as_of));
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

awaitable<result<resolve_request>> parsed_in_background(exchange& x, bool strict) {
  CO_TRY(auto body, co_await x.stream().take_all(x.limits().resolve_limit));
  auto parse = [body = std::move(body), most = x.limits().visits_limit, strict] {
    return attribution::parse_resolve_request(body, most, strict);
  };
  co_return co_await made_in_background(x, std::move(parse));
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
    if (request.is_batch || request.draft || is_long(request.visits.front()))
      x.called_off = in.loaded->pin();
    with.rules = in.loaded->rule_set();
    with.platforms = in.loaded->platforms.get();
  }
  if (!with.platforms) {
    CO_TRY(with.platforms, co_await platforms_now(x, in.loaded));
  }
  CO_CHECK(check_request(with, in, request));
  if (request.is_batch)
    CO_CHECK(x.reserve_members(memory_of(request)));
  // Its changes are applied one by one while others have their turns.
  if (request.draft)
    CO_CHECK(x.reserve_parsed(text.size()));
  if (request.draft)
    co_return co_await resolve_what_if(x, with, in.loaded, std::move(request));
  if (request.is_batch)
    co_return co_await resolve_all(x, with, std::move(request));
  if (is_long(request.visits.front()))
    co_return co_await resolve_long_one(x, with, std::move(request));
  co_return resolve_one(with, request);
}

} // namespace headwater::http
