#include "domain/accounts/authorisation.hpp"
#include "domain/attribution/rules.hpp"
#include "domain/attribution/visit_json.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/resolve_json.hpp"
#include "http/visit_lines.hpp"

namespace headwater::http {

namespace {

/// Result bytes gathered before they are sent.
constexpr std::size_t piece_size = 32 * 1024;

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
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  const bool explain = check.boolean("explain", false);
  if (explain && !accounts::has_scope(who->token, accounts::scope::read)) {
    x.fail(error{errc::forbidden, "Required scope: read"});
    co_return;
  }
  const auto slot = co_await enter_account(x, who, std::move(account_id), check);
  if (!slot)
    co_return;
  const resolving with{slot->rule_set(), x.app().platforms, x.limits(),
                       x.app().service.parts().counters->regex_limit_hits, explain};
  if (x.media_type() == "application/x-ndjson")
    co_await resolve_lines(x, with);
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
                {200, 400, 401, 403, 404, 413, 415, 422},
                resolve,
                {"account_id", "explain", "Prefer"},
                "VisitOrVisits",
                "AttributionOrResults"});
}

} // namespace headwater::http
