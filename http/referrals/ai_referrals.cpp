// AI referrals of a brand: connections, pushes and reports.

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/registration.hpp"
#include "domain/referrals/reports/report.hpp"
#include "domain/referrals/row_reader.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/gate/sent_list.hpp"
#include "http/referrals/ai_referrals_json.hpp"

#include <chrono>
#include <utility>

namespace headwater::http {

namespace {

awaitable<actors::described_reply> describe(exchange& x, const std::string& connection_id,
                                            const std::string& owner) {
  actors::describe_connection_now wanted{connection_id, owner};
  co_return co_await ask(x, std::move(wanted));
}

/// Sends the change and shows the connection as the change left it. Counts and side facts are shown
/// as they are now, also in a replayed answer, because no event records them.
awaitable<result<answer>> change(exchange& x, actors::connection_request request,
                                 const std::string& owner, unsigned short status) {
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  auto shown = co_await describe(x, done.connection.identity.id, owner);
  if (shown.has_error()) {
    const auto why = shown.error();
    co_return error{why.code,
                    "The change is stored, but the connection could not be read: " + why.message};
  }
  shown->known.connection = done.connection;
  co_return plain(connection_as_json(*shown), status)
      .tagged(referrals::etag_of(done.connection))
      .replayed(done.replayed);
}

awaitable<result<answer>> create_connection(exchange& x, const entered_brand& in,
                                            const idempotency_input& given) {
  CO_TRY(auto body,
         co_await parsed_json(x, x.limits().body_limit, referrals::read_connection_request));
  actors::connection_request request;
  request.by = origin_of(x, in.who, given.key, body.text);
  request.command = actors::register_connection{in.brand_id, in.owner, std::move(body.made)};
  co_return co_await change(x, std::move(request), in.owner, 201);
}

awaitable<result<answer>> list_connections(exchange& x, const entered_brand& in) {
  const auto position = log_position(x);
  const auto notes = x.app().service.parts().push_notes->load();
  auto head = plain({}).versioned(position, std::to_string(notes));
  x.announce(head);
  constexpr std::size_t at_once = 100; // a few milliseconds
  actors::list_connections wanted;
  wanted.account_id = in.owner;
  wanted.brand_id = in.brand_id;
  wanted.limit = at_once;
  std::string text = R"({"items":[)";
  bool is_first = true;
  const auto append = [&](std::string& to, const actors::described_connection& each) {
    if (!std::exchange(is_first, false))
      to.push_back(',');
    to.append(connection_as_json(each));
  };
  CO_TRY(const bool is_there, co_await send_elements(x, text, std::move(wanted), append));
  if (!is_there)
    co_return sent();
  co_return co_await x.finish(std::move(head), std::move(text.append("]}")));
}

awaitable<result<answer>> get_connection(exchange& x, const entered_connection& in) {
  CO_TRY(const auto shown, co_await describe(x, in.connection->identity.id, in.owner));
  co_return plain(connection_as_json(shown)).tagged(referrals::etag_of(shown.known.connection));
}

awaitable<result<answer>> disable_connection(exchange& x, const entered_connection& in) {
  actors::connection_request request;
  request.by = origin_of(x, in.who);
  request.command = actors::disable_connection{in.connection, x.condition};
  co_return co_await change(x, std::move(request), in.owner, 200);
}

/// NDJSON or a JSON array; without a type, the first byte decides. Nothing for other types: 415.
std::optional<referrals::body_format> format_of(std::string_view media_type,
                                                std::string_view body) {
  if (media_type.empty())
    return referrals::sniff_format(body);
  if (equals_nocase(media_type, "application/x-ndjson"))
    return referrals::body_format::ndjson;
  if (is_json(media_type))
    return referrals::body_format::json_array;
  return std::nullopt;
}

/// Refuses a push, and records the refusal at the connection as the ingest worker does for its own.
/// The record is a side fact: if it cannot be stored, the refusal stands; and where the worker has
/// no place, or the disk no room, there is none.
awaitable<error> refused(exchange& x, const entered_connection& in, error why) {
  const auto& id = in.connection->identity.id;
  const auto place = x.app().service.ingest().enter(id, in.owner);
  if (place && !x.app().service.parts().disk->is_low()) {
    actors::refused_push note{id, why};
    static_cast<void>(co_await ask(x, std::move(note)));
  }
  co_return why;
}

/// The body of a push, if there is anything to parse. A disabled connection takes none, but what
/// was answered before is answered again: the ingest worker knows whether a key was used.
awaitable<result<std::string>> pushed_body(exchange& x, const entered_connection& in,
                                           const idempotency_input& given) {
  const bool is_disabled = in.connection->status == referrals::connection_status::disabled;
  if (is_disabled && !given.key)
    co_return co_await refused(x, in, referrals::connection_is_disabled());
  if (!format_of(x.media_type(), {})) {
    error why{errc::unsupported_media_type,
              "Content-Type must be application/json or application/x-ndjson"};
    if (is_disabled)
      why = referrals::connection_is_disabled();
    co_return co_await refused(x, in, std::move(why));
  }
  auto body = co_await taken_body(x, x.limits().events_limit);
  if (body.has_error() && body.error().code != errc::payload_too_large)
    co_return body.error();
  const auto fits = body ? check_depth(*body, x.limits()) : result<void>{body.error()};
  if (!fits && is_disabled)
    co_return co_await refused(x, in, referrals::connection_is_disabled());
  if (!fits)
    co_return co_await refused(x, in, fits.error());
  co_return body;
}

awaitable<result<answer>> push_events(exchange& x, const entered_connection& in,
                                      const idempotency_input& given) {
  CO_TRY(auto body, co_await pushed_body(x, in, given));
  actors::push_request request;
  request.by = origin_of(x, in.who, given.key, body);
  request.account_id = in.owner;
  request.connection = in.connection;
  request.format = *format_of(x.media_type(), body);
  request.body = std::make_shared<const std::string>(std::move(body));
  request.place = x.app().service.ingest().enter(in.connection->identity.id, in.owner);
  if (!request.place)
    co_return error{errc::service_unavailable,
                    "Too many batches wait already; nothing of this one was taken"};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  co_return plain(push_as_json(done)).replayed(done.replayed);
}

struct report_input {
  referrals::report_query query;
  std::string today; ///< part of the tag, because the default days of a report depend on it
};

report_input read_report(const exchange& x, request_check& check) {
  std::vector<referrals::query_parameter> given;
  for (const auto& [name, value] : x.parameters.items())
    given.emplace_back(name, value);
  const auto today = day_of(actors::now());
  return {check.take(referrals::read_report_query(given, today), {}), to_date_string(today)};
}

/// CSV is a file to keep; JSON is for a program.
answer report_answer(std::string text, bool csv, std::int64_t brand_id) {
  if (!csv)
    return plain(std::move(text));
  return plain(std::move(text), 200, "text/csv; charset=utf-8")
      .with("Content-Disposition",
            "attachment; filename=\"ai-referrals-" + std::to_string(brand_id) + ".csv\"");
}

awaitable<result<answer>> get_report(exchange& x, const entered_brand& in,
                                     const report_input& given) {
  const auto position = log_position(x);
  actors::report_request wanted{in.owner, in.brand_id, given.query,
                                std::chrono::steady_clock::now() + x.limits().command_timeout};
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  const bool csv = wants_csv(x.head);
  CO_TRY(auto text,
         csv ? referrals::to_csv(found, given.query) : referrals::to_json(found, given.query));
  CO_CHECK(x.cover_answer(text.size()));
  co_return report_answer(std::move(text), csv, in.brand_id).versioned(position, given.today);
}

constexpr std::string_view connections = "/{brand_id}/ai-referrals/connections";
constexpr std::string_view connection_path = "/{brand_id}/ai-referrals/connections/{connection_id}";

constexpr route list_connections_route{.verb = method::get,
                                       .path = connections,
                                       .gate = brand(access::read),
                                       .name = "listConnections",
                                       .summary = "List a brand's connections",
                                       .kin = family::referrals,
                                       .answers = "ConnectionList",
                                       .refusals = {503},
                                       .tagged = true,
                                       .run = list_connections};
constexpr route create_connection_route{.verb = method::post,
                                        .path = connections,
                                        .gate = brand(access::write),
                                        .input = read_idempotency_key,
                                        .name = "createConnection",
                                        .summary = "Register a website with an analytics tool",
                                        .kin = family::referrals,
                                        .parameters = {"Idempotency-Key"},
                                        .body = "CreateConnection",
                                        .answers = "Connection",
                                        .headers = {"ETag"},
                                        .successes = {201},
                                        .refusals = {409},
                                        .run = create_connection};
constexpr route get_connection_route{.verb = method::get,
                                     .path = connection_path,
                                     .gate = connection(access::read),
                                     .name = "getConnection",
                                     .summary = "Get a connection",
                                     .kin = family::referrals,
                                     .answers = "Connection",
                                     .tagged = true,
                                     .run = get_connection};
constexpr route disable_connection_route{.verb = method::delete_,
                                         .path = connection_path,
                                         .gate = connection(access::write),
                                         .name = "disableConnection",
                                         .summary = "Disable a connection; its data is kept",
                                         .kin = family::referrals,
                                         .answers = "Connection",
                                         .headers = {"ETag"},
                                         .tagged = true,
                                         .run = disable_connection};
constexpr route push_rows_route{.verb = method::post,
                                .path =
                                    "/{brand_id}/ai-referrals/connections/{connection_id}/events",
                                .gate = connection(access::write),
                                .input = read_idempotency_key,
                                .name = "pushAiReferralsEvents",
                                .summary = "Push AI referrals events",
                                .kin = family::referrals,
                                .parameters = {"Idempotency-Key"},
                                .body = "ReferralEvents",
                                .body_also = {media::ndjson},
                                .answers = "PushOutcome",
                                .run = push_events};
constexpr route report_route{.verb = method::get,
                             .path = "/{brand_id}/ai-referrals",
                             .gate = brand(access::read),
                             .input = read_report,
                             .name = "getAiReferralsReport",
                             .summary = "Sum up what AI assistants sent",
                             .kin = family::referrals,
                             .parameters = {"start_date", "end_date", "group_by", "platform",
                                            "connection", "page_prefix", "order_by",
                                            "limit of a report", "offset"},
                             .answers = "Report",
                             .answers_also = {media::csv},
                             .headers = {"Content-Disposition"},
                             .refusals = {503},
                             .tagged = true,
                             .run = get_report};

} // namespace

void add_ai_referral_routes(std::vector<endpoint>& to) {
  to.insert(to.end(),
            {row(list_connections_route), row(create_connection_route), row(get_connection_route),
             row(disable_connection_route), row(push_rows_route), row(report_route)});
}

} // namespace headwater::http
