// POST /resolve: where one visit, or many, came from.

#include "domain/accounts/authorisation.hpp"
#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/rules/rules.hpp"
#include "http/application.hpp"
#include "http/gate/route.hpp"
#include "http/resolve/resolve_json.hpp"
#include "http/resolve/resolve_lines.hpp"
#include "http/rules/rules_at.hpp"

namespace headwater::http {

namespace {

struct resolve_query {
  bool explain = false;
  bool all_steps = false;
  std::optional<actors::asked_point> as_of;
};

resolve_query read_resolve(const exchange& x, request_check& check) {
  resolve_query out;
  out.all_steps = x.parameters.find("explain") == "all";
  out.explain = out.all_steps || check.boolean("explain", false);
  out.as_of = check.point("as_of");
  if (out.explain || x.parameters.find("as_of"))
    check.require(accounts::scope::read);
  return out;
}

awaitable<result<answer>> resolve(exchange& x, const entered_account& in,
                                  const resolve_query& query) {
  asked_rules asked; // of now: taken once the body is here, or its first lines
  if (query.as_of) {
    CO_TRY(asked, co_await rules_asked_for(x, in.loaded, query.as_of, for_use::resolving));
  }
  resolution with{asked.compiled, asked.platforms, x.limits(), *x.app().service.parts().counters,
                  query.explain,  query.all_steps};
  with.as_of = asked.as_of;
  with.lists = x.app().lists.load();
  with.strict = wants_strict(x.head);
  if (equals_nocase(x.media_type(), "application/x-ndjson"))
    co_return co_await resolve_lines(x, with, in.loaded);
  co_return co_await resolve_json(x, with, in);
}

constexpr route resolve_route{.verb = method::post,
                              .path = "/resolve",
                              .gate = account(access::resolve),
                              .input = read_resolve,
                              .name = "resolveVisits",
                              .summary = "Say where one visit or many came from",
                              .parameters = {"explain", "as_of", "Prefer"},
                              .body = "VisitOrVisits",
                              .body_also = {media::ndjson},
                              .answers = "AttributionOrResults",
                              .answers_also = {media::ndjson},
                              .run = resolve};

} // namespace

void add_resolve_routes(std::vector<endpoint>& to) {
  to.push_back(row(resolve_route));
}

} // namespace headwater::http
