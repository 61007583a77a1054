// GET /events: the log of an account, of a connection, of the system, or of all of them. Here is
// who may read what; event_answer has the three forms of the answer.

#include "domain/accounts/authorisation.hpp"
#include "domain/core/ulid.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/event_answer.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t default_limit = 100;
constexpr std::int64_t max_limit = 1'000;

enum class form : std::uint8_t { page = 1, lines, following };

/// What is asked for, before anybody knows whether the caller may have it.
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

/// What an EventSource sends when it comes back; it wins over `after`.
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

event_query read_query(const exchange& x, request_check& check) {
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

/// The account that owns a connection; empty where there is no such connection.
awaitable<result<std::string>> owner_of(exchange& x, std::string connection_id) {
  auto& readers = x.app().service.readers();
  const auto id = parse_ulid(connection_id);
  if (!id)
    co_return std::string{};
  actors::find_connection wanted{*id};
  const auto found =
      co_await ask<actors::found_connection>(x, readers.next(), intent::read, std::move(wanted));
  if (found.has_error())
    co_return found.error();
  if (!*found)
    co_return std::string{};
  actors::find_brand brand{(*found)->identity.brand_id};
  const auto owner = co_await ask<actors::brand_reply>(x, readers.next(), intent::read, brand);
  if (owner.has_error())
    co_return owner.error();
  co_return *owner ? **owner : std::string{};
}

/// Whether the caller may read the connection's events. One of somebody else's is as unknown as one
/// that is not there.
awaitable<bool> enter_connection(exchange& x, actors::token_ptr who, event_query& query) {
  const auto owner = co_await owner_of(x, *query.connection_id);
  if (owner.has_error()) {
    x.fail(owner.error());
    co_return false;
  }
  const bool is_known = !owner->empty() && accounts::may_see(who->token, *owner) &&
                        !x.app().service.parts().erasures->contains(*owner) &&
                        *owner == query.account_id.value_or(*owner);
  if (!is_known) {
    x.fail(error{errc::not_found, "Connection not found"});
    co_return false;
  }
  query.account_id = *owner;
  x.entered_account = *owner;
  query.wanted.stream = "connection/" + *parse_ulid(*query.connection_id);
  co_return true;
}

/// Who may read the system stream and the global feed: admins of all accounts.
bool may_read_all(exchange& x, const actors::token_ptr& who) {
  if (const auto allowed = accounts::check_scope(who->token, accounts::scope::admin); !allowed) {
    x.fail(allowed.error());
    return false;
  }
  return is_service_admin(x, who);
}

/// Finds the stream. False: the caller may not read it, and that is answered.
awaitable<bool> enter_stream(exchange& x, actors::token_ptr who, event_query& query,
                             request_check& check) {
  if (!query.account_id && !query.connection_id) {
    const bool may = may_read_all(x, who) && passes(x, check);
    if (query.is_system)
      query.wanted.stream = "system";
    co_return may;
  }
  if (query.account_id) {
    const auto account_id = *query.account_id;
    // What is left of an erased account is for who audits the whole log.
    query.wanted.is_erased = accounts::is_service_admin(who->token) &&
                             x.app().service.parts().erasures->contains(account_id);
    bool may = query.wanted.is_erased && passes(x, check);
    if (!query.wanted.is_erased)
      may = co_await may_enter_account(x, who, account_id, check);
    if (!may)
      co_return false;
    query.wanted.stream = "account/" + account_id;
  } else if (!passes(x, check)) {
    co_return false;
  }
  if (!query.connection_id)
    co_return true;
  const bool may = co_await enter_connection(x, who, query);
  co_return may;
}

/// NDJSON or server-sent events, on a seat.
awaitable<void> answer_for_long(exchange& x, form as, actors::read_events wanted) {
  auto& seats = as == form::lines ? x.app().long_readers : x.app().followers;
  auto seat = seats.take(wanted.account_id);
  if (!seat)
    x.fail(error{errc::service_unavailable, as == form::lines ? "Too many clients read events"
                                                              : "Too many clients follow events"});
  else if (as == form::lines)
    co_await answer_event_lines(x, std::move(wanted), std::move(seat));
  else
    co_await follow_events(x, std::move(wanted), std::move(seat));
}

awaitable<void> read_events(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto query = read_query(x, check);
  const bool may = co_await enter_stream(x, who, query, check);
  if (!may)
    co_return;
  query.wanted.account_id = query.account_id.value_or("");
  if (query.as == form::page) {
    co_await answer_event_page(x, std::move(query.wanted));
  } else if (x.head.verb == method::head) {
    // The head of a stream that has no end is all there is to tell.
    x.plain(200, query.as == form::lines ? "application/x-ndjson" : "text/event-stream");
  } else {
    co_await answer_for_long(x, query.as, std::move(query.wanted));
  }
}

} // namespace

void add_event_routes(std::vector<route>& to) {
  to.push_back({method::get,
                "/events",
                family::rules,
                access::read,
                "readEvents",
                "Read the event log, as a page, as NDJSON, or as server-sent events that follow it",
                {200, 401, 403, 404, 410, 422, 503},
                read_events,
                {"account_id?", "connection_id", "stream", "after", "limit", "type", "from", "to",
                 "format?", "Last-Event-ID"},
                {},
                "EventPage"});
}

} // namespace headwater::http
