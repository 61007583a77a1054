#include "domain/accounts/authorisation.hpp"
#include "domain/attribution/rules.hpp"
#include "domain/attribution/visit_json.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/resolving.hpp"
#include "http/visit_lines.hpp"

namespace headwater::http {

namespace {

/// Result bytes gathered before they are sent.
constexpr std::size_t piece_size = 32 * 1024;

void resolve_one(exchange& x, const resolving& with, const result<attribution::visit>& of) {
  if (of.has_error()) {
    x.fail(of.error());
    return;
  }
  const auto found = with(*of);
  if (found.has_error()) {
    x.fail(found.error());
    return;
  }
  canonical_writer out;
  attribution::render(out, *found, with.explain);
  x.success(out.view());
}

awaitable<void> resolve_json(exchange& x, const resolving& with) {
  const auto text = co_await json_text(x, x.limits().resolve_limit);
  if (!text)
    co_return;
  const auto batch = attribution::parse_visits(*text, x.limits().visits_limit);
  if (batch.has_error()) {
    x.fail(batch.error());
    co_return;
  }
  if (!batch->is_batch) {
    resolve_one(x, with, batch->visits.front());
    co_return;
  }
  canonical_writer out;
  out.begin_object().key("results").begin_array();
  turn mine;
  for (const auto& each : batch->visits) {
    resolve_into(out, with, each);
    if (mine.is_over()) {
      co_await x.stream().yield();
      mine.begin();
    }
  }
  out.end_array().end_object();
  x.success(out.view());
}

std::string resolve_line(const line_cutter::line& line, const resolving& with) {
  canonical_writer out;
  if (line.too_long)
    render_error(out, {errc::payload_too_large, "The line is too long"});
  else if (const auto fits = check_depth(line.text, with.limits); !fits)
    render_error(out, fits.error());
  else
    resolve_into(out, with, attribution::parse_visit(line.text));
  auto text = std::move(out).str();
  text.push_back('\n');
  return text;
}

/// Reads, resolves and writes piece by piece: neither body nor answer is ever whole in memory.
awaitable<void> resolve_lines(exchange& x, const resolving& with) {
  x.plain(200, "application/x-ndjson");
  line_cutter lines(x.limits().line_limit);
  std::string results;
  turn mine;
  for (bool more = true; more;) {
    const auto got = co_await x.stream().read_some(lines.input());
    if (got.has_error()) {
      x.fail(got.error());
      co_return;
    }
    more = *got;
    for (;;) {
      auto line = lines.next();
      if (!line && !more)
        line = lines.last();
      if (!line)
        break;
      results += resolve_line(*line, with);
      if (mine.is_over()) {
        co_await x.stream().yield();
        mine.begin();
      }
      if (results.size() < piece_size)
        continue;
      if (!co_await x.stream().write_some(results))
        co_return;
      results.clear();
    }
  }
  // A short answer goes out whole, with its length.
  if (results.size() < piece_size && !x.stream().has_begun())
    x.out.body = std::move(results);
  else if (!results.empty() || !x.stream().has_begun())
    (void)co_await x.stream().write_some(results);
}

awaitable<void> resolve(exchange& x) {
  auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  const bool explain = check.boolean("explain", false);
  if (explain && !accounts::has_scope(who->token, accounts::scope::read)) {
    x.fail(error{errc::forbidden, "Required scope: read"});
    co_return;
  }
  const auto slot = co_await enter_account(x, std::move(who), std::move(account_id), check);
  if (!slot)
    co_return;
  const resolving with{slot->rule_set(), x.app().platforms, x.limits(),
                       x.app().service.parts().counters->regex_limit_hits, explain};
  if (x.media_type() == "application/x-ndjson")
    co_await resolve_lines(x, with);
  else
    co_await resolve_json(x, with);
}

} // namespace

void add_resolve_routes(std::vector<route>& to) {
  to.push_back({method::post,
                "/resolve",
                family::rules,
                access::resolve,
                "resolveVisits",
                "Say where one visit or many came from",
                {200, 400, 401, 403, 404, 413, 415, 422},
                resolve,
                {"account_id", "explain"},
                "VisitOrVisits",
                "AttributionOrResults"});
}

} // namespace headwater::http
