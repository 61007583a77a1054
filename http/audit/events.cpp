// GET /events: the log of an account, of a connection, of the system, or of all of them; the gate
// decides who may read what. This file reads the parameters; event_answer has the three forms of
// the answer.

#include "domain/core/try.hpp"
#include "http/application.hpp"
#include "http/audit/event_answer.hpp"
#include "http/gate/route.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

constexpr std::int64_t default_limit = 100;
constexpr std::int64_t max_limit = 1'000;

enum class form : std::uint8_t { page = 1, lines, following };

/// The request, except for the stream, which the gate enters.
struct event_query {
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

/// The name of a type, of this version or another: not every name has had events yet.
void read_type(request_check& check, actors::read_events& wanted) {
  constexpr std::size_t longest = 64;
  wanted.type = check.text("type").value_or("");
  const bool is_name = std::ranges::all_of(wanted.type, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!is_name || wanted.type.size() > longest)
    check.add({{"query", "type"},
               "String should match pattern '^[a-z0-9_]{1,64}$', such as referrer_mapping_created",
               "string_pattern_mismatch"});
}

/// The ids of rules are those of one account, in its own stream.
void read_rule(const exchange& x, request_check& check, actors::read_events& wanted) {
  const auto given = check.text("rule");
  if (!given)
    return;
  wanted.rule = attribution::parse_rule_name(*given);
  if (!wanted.rule && !given->empty())
    check.add(
        {{"query", "rule"},
         "Input should be passthrough_referrer or referrer_mapping, a colon and the rule's id, "
         "such as referrer_mapping:5",
         "value_error"});
  if (!x.parameters.find("account_id") || x.parameters.find("connection_id"))
    check.add({{"query", "rule"},
               "Rules have their ids within an account: give account_id, and no connection_id",
               "value_error"});
}

/// Whoever follows waits for what comes next, so there is nothing to read backwards.
void read_order(request_check& check, event_query& into) {
  if (check.choice("order", {"asc", "desc"}, "asc") == "asc")
    return;
  into.wanted.order = actors::reading_order::backwards;
  if (into.as == form::following)
    check.add({{"query", "order"},
               "Server-sent events follow the log, which goes forwards only: give asc, or ask for "
               "JSON or NDJSON",
               "value_error"});
}

event_query read_events_query(const exchange& x, request_check& check) {
  constexpr auto no_limit = std::numeric_limits<std::int64_t>::max();
  event_query out;
  out.as = read_form(x, check);
  auto& wanted = out.wanted;
  read_type(check, wanted);
  read_rule(x, check, wanted);
  read_order(check, out);
  // Backwards, 0 would be a place before which there is nothing.
  const bool is_back = wanted.order == actors::reading_order::backwards;
  wanted.after = static_cast<std::uint64_t>(check.integer("after", is_back ? 1 : 0).value_or(0));
  wanted.from = check.time("from");
  wanted.to = check.time("to");
  const bool is_page = out.as == form::page;
  wanted.limit = static_cast<std::size_t>(check.integer("limit", 1, is_page ? max_limit : no_limit)
                                              .value_or(is_page ? default_limit : no_limit));
  if (out.as == form::following)
    read_last_event_id(x, check, wanted);
  return out;
}

/// NDJSON or server-sent events, which occupy a seat.
awaitable<result<answer>> answer_for_long(exchange& x, form as, actors::read_events wanted) {
  auto& seats = as == form::lines ? x.app().long_readers : *x.app().followers;
  auto seat = seats.take(wanted.account_id);
  if (!seat)
    co_return error{errc::service_unavailable, as == form::lines
                                                   ? "Too many clients read events"
                                                   : "Too many clients follow events"};
  if (as == form::lines)
    co_return co_await answer_event_lines(x, std::move(wanted), std::move(seat));
  co_return co_await follow_events(x, std::move(wanted), std::move(seat));
}

awaitable<result<answer>> read_events(exchange& x, const entered_stream& in,
                                      const event_query& query) {
  auto wanted = query.wanted;
  wanted.stream = in.name;
  wanted.account_id = in.account_id;
  wanted.is_erased = in.is_erased;
  wanted.sees_operators = in.who->token.accounts.all;
  if (query.as == form::page)
    co_return co_await answer_event_page(x, std::move(wanted));
  if (x.head.verb != method::head)
    co_return co_await answer_for_long(x, query.as, std::move(wanted));
  // HEAD gets the head that a streamed answer would have, without a length, which is not known.
  if (query.as == form::lines)
    x.announce(head_of_lines(wanted.stream));
  else
    x.announce(plain({}, 200, "text/event-stream"));
  (void)co_await x.stream().write_some({});
  co_return sent();
}

constexpr route events_route{
    .verb = method::get,
    .path = "/events",
    .gate = stream(access::read, stream_use::events),
    .input = read_events_query,
    .name = "readEvents",
    .summary = "Read the event log, as a page, as NDJSON, or as server-sent events that follow it",
    .parameters = {"after", "order", "limit", "type", "rule", "from", "to", "format?",
                   "Last-Event-ID"},
    .answers = "EventPage",
    .answers_also = {media::ndjson, media::server_sent_events},
    .meta = "EventMeta",
    .headers = {"Content-Disposition"},
    .refusals = {410, 503},
    .run = read_events};

} // namespace

void add_event_routes(std::vector<endpoint>& to) {
  to.push_back(row(events_route));
}

} // namespace headwater::http
