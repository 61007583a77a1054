// GET /events: the log of an account, of a connection, of the system, or of all of them. This file
// decides who may read what; event_answer has the three forms of the answer.

#include "domain/accounts/authorisation.hpp"
#include "domain/core/try.hpp"
#include "domain/core/ulid.hpp"
#include "http/application.hpp"
#include "http/audit/event_answer.hpp"
#include "http/gate/route.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t default_limit = 100;
constexpr std::int64_t max_limit = 1'000;

enum class form : std::uint8_t { page = 1, lines, following };

/// The request, before it is known whether the caller may read what it asks for.
struct event_query {
  std::optional<std::string> account_id;
  std::optional<std::string> connection_id;
  bool is_system = false;
  form as = form::page;
  actors::read_events wanted;
};

form read_form(const exchange& x, request_check& check) {
  const auto accepted = accepted_type(x.head);
  std::string_view otherwise = "json";
  if (accepted == "application/x-ndjson")
    otherwise = "ndjson";
  else if (accepted == "text/event-stream")
    otherwise = "sse";
  const auto format = check.choice("format", {"json", "ndjson", "sse"}, otherwise);
  if (format == "json")
    return form::page;
  return format == "ndjson" ? form::lines : form::following;
}

/// The header that an EventSource sends when it reconnects; it wins over `after`.
void read_last_event_id(const exchange& x, request_check& check, actors::read_events& wanted) {
  const auto given = x.head.find("last-event-id");
  if (!given)
    return;
  const auto number = parse_integer(*given);
  if (number && !number->overflow && number->value >= 0)
    wanted.after = static_cast<std::uint64_t>(number->value);
  else
    check.add({{"header", "Last-Event-ID"}, "Value should be the id of an event", "int_parsing"});
}

event_query read_events_query(const exchange& x, request_check& check) {
  constexpr auto no_limit = std::numeric_limits<std::int64_t>::max();
  const auto text = [&](std::string_view name) {
    const auto given = x.parameters.find(name);
    if (given && given->empty())
      check.add({location{"query"} / name, "String should have at least 1 character",
                 "string_too_short"});
    return given ? std::optional<std::string>(*given) : std::nullopt;
  };
  event_query out;
  out.account_id = text("account_id");
  out.connection_id = text("connection_id");
  out.is_system = !check.choice("stream", {"system"}, "").empty();
  // The system stream and the stream of all events are for admins of all accounts.
  if (!out.account_id && !out.connection_id) {
    check.require(accounts::scope::admin);
    check.require_operator();
  }
  if (out.is_system && (out.account_id || out.connection_id))
    check.add({{"query", "stream"},
               "The system stream is nobody's: leave account_id and connection_id",
               "value_error"});
  out.as = read_form(x, check);
  auto& wanted = out.wanted;
  wanted.type = text("type").value_or("");
  wanted.after = static_cast<std::uint64_t>(check.integer("after", 0).value_or(0));
  wanted.from = check.time("from");
  wanted.to = check.time("to");
  const bool is_page = out.as == form::page;
  wanted.limit = static_cast<std::size_t>(check.integer("limit", 1, is_page ? max_limit : no_limit)
                                              .value_or(is_page ? default_limit : no_limit));
  if (out.as == form::following)
    read_last_event_id(x, check, wanted);
  return out;
}

/// Whether the caller may read the connection's events. Another customer's connection looks the
/// same as one that does not exist.
awaitable<result<void>> enter_connection(exchange& x, actors::token_ptr who, event_query& query) {
  CO_TRY(auto owner, co_await owner_of_connection(x, *query.connection_id));
  const bool is_known = !owner.empty() && accounts::may_see(who->token, owner) &&
                        !x.app().service.parts().erasures->contains(owner) &&
                        owner == query.account_id.value_or(owner);
  if (!is_known)
    co_return error{errc::not_found, "Connection not found"};
  query.wanted.stream = "connection/" + *parse_ulid(*query.connection_id);
  x.entered_account = owner;
  query.account_id = std::move(owner);
  co_return result<void>{};
}

/// Finds the stream, if the caller may read it.
awaitable<result<void>> enter_stream(exchange& x, actors::token_ptr who, event_query& query) {
  if (!query.account_id && !query.connection_id) {
    if (query.is_system)
      query.wanted.stream = "system";
    co_return result<void>{};
  }
  if (query.account_id) {
    // What is left of an erased account is only for those who audit the whole log.
    query.wanted.is_erased = accounts::is_service_admin(who->token) &&
                             x.app().service.parts().erasures->contains(*query.account_id);
    if (!query.wanted.is_erased)
      CO_CHECK(co_await enter_known_account(x, who, *query.account_id));
    query.wanted.stream = "account/" + *query.account_id;
  }
  if (query.connection_id)
    CO_CHECK(co_await enter_connection(x, who, query));
  co_return result<void>{};
}

/// NDJSON or server-sent events, which occupy a seat.
awaitable<result<answer>> answer_for_long(exchange& x, form as, actors::read_events wanted) {
  auto& seats = as == form::lines ? x.app().long_readers : x.app().followers;
  auto seat = seats.take(wanted.account_id);
  if (!seat)
    co_return error{errc::service_unavailable, as == form::lines
                                                   ? "Too many clients read events"
                                                   : "Too many clients follow events"};
  if (as == form::lines)
    co_return co_await answer_event_lines(x, std::move(wanted), std::move(seat));
  co_return co_await follow_events(x, std::move(wanted), std::move(seat));
}

awaitable<result<answer>> read_events(exchange& x, const entered_token& in,
                                      const event_query& given) {
  auto query = given;
  CO_CHECK(co_await enter_stream(x, in.who, query));
  query.wanted.account_id = query.account_id.value_or("");
  if (query.as == form::page)
    co_return co_await answer_event_page(x, std::move(query.wanted));
  if (x.head.verb != method::head)
    co_return co_await answer_for_long(x, query.as, std::move(query.wanted));
  // HEAD gets the head that a streamed answer would have, without a length, which is not known.
  if (query.as == form::lines)
    x.announce(plain({}, 200, "application/x-ndjson"));
  else
    x.announce(plain({}, 200, "text/event-stream"));
  (void)co_await x.stream().write_some({});
  co_return sent();
}

constexpr route events_route{
    .verb = method::get,
    .path = "/events",
    .gate = token(access::read),
    .input = read_events_query,
    .name = "readEvents",
    .summary = "Read the event log, as a page, as NDJSON, or as server-sent events that follow it",
    .parameters = {"account_id?", "connection_id", "stream", "after", "limit", "type", "from", "to",
                   "format?", "Last-Event-ID"},
    .answers = "EventPage",
    .refusals = {404, 410, 503},
    .run = read_events};

} // namespace

void add_event_routes(std::vector<endpoint>& to) {
  to.push_back(row(events_route));
}

} // namespace headwater::http
