#include "domain/referrals/registration.hpp"
#include "domain/referrals/report.hpp"
#include "domain/referrals/row_reader.hpp"
#include "http/actor_reply.hpp"
#include "http/ai_referrals_json.hpp"
#include "http/application.hpp"
#include "http/brand_entry.hpp"
#include "http/entrance.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

awaitable<actors::described_reply> describe(exchange& x, const std::string& connection_id) {
  actors::describe_connection_now wanted{connection_id};
  co_return co_await ask<actors::described_reply>(x, x.app().service.readers().next(), intent::read,
                                                  std::move(wanted));
}

/// Sends the change and answers with the connection as the change left it. What is counted and
/// operational is shown as it is now, in a replayed answer too: no event tells of it.
awaitable<void> change(exchange& x, actors::connection_request request, unsigned short status) {
  const auto reply = co_await ask<actors::connection_reply>(x, x.app().service.connections(),
                                                            intent::write, std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  auto shown = co_await describe(x, reply->connection.identity.id);
  if (shown.has_error()) {
    const auto why = shown.error();
    x.fail(error{why.code,
                 "The change is stored, but the connection could not be read: " + why.message});
    co_return;
  }
  if (reply->replayed)
    x.out.add("Idempotent-Replayed", "true");
  shown->known.connection = reply->connection;
  x.out.body = connection_as_json(*shown);
  x.plain(status);
}

awaitable<void> create_connection(exchange& x) {
  request_check check(x);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  const auto text = co_await json_text(x, x.limits().body_limit);
  if (!text)
    co_return;
  auto body = referrals::read_connection_request(*text);
  if (body.has_error()) {
    x.fail(body.error());
    co_return;
  }
  actors::connection_request request;
  request.by = origin_of(x, in.who, in.key, *text);
  request.command = actors::register_connection{in.brand_id, in.owner, std::move(*body)};
  co_await change(x, std::move(request), 201);
}

awaitable<void> list_connections(exchange& x) {
  request_check check(x);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  actors::list_connections wanted{in.brand_id};
  const auto all = co_await ask<actors::described_connections>(x, x.app().service.readers().next(),
                                                               intent::read, wanted);
  if (all.has_error()) {
    x.fail(all.error());
    co_return;
  }
  x.out.body = R"({"items":[)";
  for (const auto& each : *all) {
    if (&each != all->data())
      x.out.body.push_back(',');
    x.out.body.append(connection_as_json(each));
  }
  x.out.body.append("]}");
  x.plain(200);
}

awaitable<void> get_connection(exchange& x) {
  request_check check(x);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  const auto connection = co_await connection_of_path(x, in.brand_id);
  if (!connection)
    co_return;
  const auto shown = co_await describe(x, connection->identity.id);
  if (shown.has_error()) {
    x.fail(shown.error());
    co_return;
  }
  x.out.body = connection_as_json(*shown);
  x.plain(200);
}

awaitable<void> disable_connection(exchange& x) {
  request_check check(x);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  auto connection = co_await connection_of_path(x, in.brand_id);
  if (!connection)
    co_return;
  actors::connection_request request;
  request.by = origin_of(x, in.who, std::nullopt, {});
  request.command = actors::disable_connection{std::move(connection)};
  co_await change(x, std::move(request), 200);
}

/// NDJSON, a JSON array, whatever the first byte says where no type is given, or nothing: 415.
std::optional<referrals::body_format> format_of(std::string_view media_type,
                                                std::string_view body) {
  if (media_type.empty())
    return referrals::sniff_format(body);
  if (media_type == "application/x-ndjson")
    return referrals::body_format::ndjson;
  if (is_json(media_type))
    return referrals::body_format::json_array;
  return std::nullopt;
}

/// Refuses a push, and has it noted at the connection as the ingest worker notes its own refusals.
/// The note is operational: where it cannot be kept, the refusal stands.
awaitable<void> refuse_push(exchange& x, const std::string& connection_id, error why) {
  actors::refused_push refused{connection_id, why};
  const auto& owner = x.app().service.ingest().owner_of(connection_id);
  static_cast<void>(co_await ask<actors::push_reply>(x, owner, intent::write, std::move(refused)));
  x.fail(why);
}

awaitable<void> push_events(exchange& x) {
  request_check check(x);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  const auto connection = co_await connection_of_path(x, in.brand_id);
  if (!connection)
    co_return;
  if (connection->status == referrals::connection_status::disabled) {
    co_await refuse_push(x, connection->identity.id, referrals::connection_is_disabled());
    co_return;
  }
  const auto type = x.media_type();
  if (!format_of(type, {})) {
    error why{errc::unsupported_media_type,
              "Content-Type must be application/json or application/x-ndjson"};
    co_await refuse_push(x, connection->identity.id, std::move(why));
    co_return;
  }
  auto body = co_await x.stream().take_all(x.limits().events_limit);
  if (body.has_error()) {
    if (body.error().code == errc::payload_too_large)
      co_await refuse_push(x, connection->identity.id, body.error());
    else
      x.fail(body.error());
    co_return;
  }
  if (!still_valid(x))
    co_return;
  if (const auto fits = check_depth(*body, x.limits()); !fits) {
    co_await refuse_push(x, connection->identity.id, fits.error());
    co_return;
  }
  actors::push_request request;
  request.by = origin_of(x, in.who, in.key, *body);
  request.connection = connection;
  request.format = *format_of(type, *body);
  request.body = std::make_shared<const std::string>(std::move(*body));
  const auto& pool = x.app().service.ingest();
  request.place = pool.enter(connection->identity.id, in.owner);
  if (!request.place) {
    x.fail(error{errc::service_unavailable,
                 "Too many batches wait already; nothing of this one was taken"});
    co_return;
  }
  const auto& owner = pool.owner_of(connection->identity.id);
  const auto reply = co_await ask<actors::push_reply>(x, owner, intent::write, std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  if (reply->replayed)
    x.out.add("Idempotent-Replayed", "true");
  x.out.body = push_as_json(*reply);
  x.plain(200);
}

awaitable<void> get_report(exchange& x) {
  auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  const auto brand_id = check.id(0, "brand_id");
  std::vector<referrals::query_parameter> given;
  for (const auto& [name, value] : x.parameters.items())
    given.emplace_back(name, value);
  auto query = referrals::read_report_query(given, day_of(actors::now()));
  if (const auto fault = check.verdict()) {
    x.fail(*fault);
    co_return;
  }
  if (query.has_error()) {
    x.fail(query.error());
    co_return;
  }
  const auto owner = co_await enter_brand(x, std::move(who), brand_id, check);
  if (owner.empty())
    co_return;
  actors::report_request wanted{owner, brand_id, *query,
                                std::chrono::steady_clock::now() + x.limits().command_timeout};
  const auto reply = co_await ask<actors::report_reply>(x, x.app().service.reports(), intent::read,
                                                        std::move(wanted));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  const bool csv = wants_csv(x.head);
  auto text = csv ? referrals::to_csv(*reply, *query) : referrals::to_json(*reply, *query);
  if (text.has_error()) {
    x.fail(text.error());
    co_return;
  }
  if (const auto reserved = x.reserve_answer(text->size()); !reserved) {
    x.fail(reserved.error());
    co_return;
  }
  x.out.body = std::move(*text);
  x.plain(200, csv ? "text/csv; charset=utf-8" : "application/json");
}

} // namespace

void add_ai_referral_routes(std::vector<route>& to) {
  using enum method;
  constexpr auto kin = family::referrals;
  constexpr std::string_view connections = "/{brand_id}/ai-referrals/connections";
  constexpr std::string_view connection = "/{brand_id}/ai-referrals/connections/{connection_id}";
  to.push_back({get,
                connections,
                kin,
                access::read,
                "listConnections",
                "List a brand's connections",
                {200, 401, 403, 404, 410, 422},
                list_connections,
                {},
                {},
                "ConnectionList"});
  to.push_back({post,
                connections,
                kin,
                access::write,
                "createConnection",
                "Register a website with an analytics tool",
                {201, 400, 401, 403, 404, 409, 410, 413, 415, 422, 503},
                create_connection,
                {"Idempotency-Key"},
                "CreateConnection",
                "Connection"});
  to.push_back({get,
                connection,
                kin,
                access::read,
                "getConnection",
                "Get a connection",
                {200, 401, 403, 404, 410, 422},
                get_connection,
                {},
                {},
                "Connection"});
  to.push_back({delete_,
                connection,
                kin,
                access::write,
                "disableConnection",
                "Disable a connection; its data is kept",
                {200, 401, 403, 404, 410, 422, 503},
                disable_connection,
                {},
                {},
                "Connection"});
  to.push_back({post,
                "/{brand_id}/ai-referrals/connections/{connection_id}/events",
                kin,
                access::write,
                "pushAiReferralsEvents",
                "Push AI referrals events",
                {200, 400, 401, 403, 404, 410, 413, 415, 422, 503},
                push_events,
                {"Idempotency-Key"},
                "ReferralEvents",
                "PushOutcome"});
  to.push_back({get,
                "/{brand_id}/ai-referrals",
                kin,
                access::read,
                "getAiReferralsReport",
                "Sum up what AI assistants sent",
                {200, 401, 403, 404, 410, 422, 503},
                get_report,
                {"start_date", "end_date", "group_by", "platform", "connection", "page_prefix",
                 "order_by", "limit of a report", "offset"},
                {},
                "Report",
                true});
}

} // namespace headwater::http
