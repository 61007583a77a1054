#include "domain/core/ulid.hpp"
#include "domain/referrals/registration.hpp"
#include "domain/referrals/report.hpp"
#include "domain/referrals/row_reader.hpp"
#include "http/actor_reply.hpp"
#include "http/ai_referrals_json.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

struct brand_entry {
  actors::token_ptr who; ///< null: already answered
  std::int64_t brand_id = 0;
  std::string owner; ///< the brand's account
  std::optional<std::string> key;
};

/// Token, scope and brand of every route of this family.
awaitable<brand_entry> enter(exchange& x) {
  brand_entry out;
  auto who = co_await authorise(x);
  if (!who)
    co_return out;
  request_check check(x);
  out.brand_id = check.id(0, "brand_id");
  if (x.head.verb == method::post)
    out.key = check.idempotency_key();
  out.owner = co_await enter_brand(x, who, out.brand_id, check);
  if (!out.owner.empty())
    out.who = std::move(who);
  co_return out;
}

/// The connection of the path, if it is the brand's; else 404, answered.
awaitable<actors::connection_ptr> find_connection(exchange& x, std::int64_t brand_id) {
  const auto id = parse_ulid(x.param(1));
  if (id) {
    auto& service = x.app().service;
    auto found = service.parts().connections->find(*id);
    if (!found) {
      actors::find_connection wanted{*id};
      auto read = co_await ask<actors::found_connection>(x, service.readers().next(), intent::read,
                                                         std::move(wanted));
      if (read.has_error()) {
        x.fail(read.error());
        co_return nullptr;
      }
      found = *read;
    }
    if (found && found->identity.brand_id == brand_id)
      co_return found;
  }
  x.fail(error{errc::not_found, "Connection not found"});
  co_return nullptr;
}

awaitable<actors::connection_list> connections_of(exchange& x, std::int64_t brand_id) {
  co_return co_await ask<actors::connection_list>(x, x.app().service.readers().next(), intent::read,
                                                  actors::list_connections{brand_id});
}

/// Sends the change and answers with the connection and what is operational about it.
awaitable<void> change(exchange& x, actors::connection_request request, unsigned short status) {
  const auto reply = co_await ask<actors::connection_reply>(x, x.app().service.connections(),
                                                            intent::write, std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  actors::listed_connection shown{reply->connection, 0, {}};
  if (reply->replayed) {
    x.out.add("Idempotent-Replayed", "true");
  } else {
    const auto known = co_await connections_of(x, reply->connection.identity.brand_id);
    if (!known.has_error())
      for (const auto& each : *known)
        if (each.connection.identity.id == reply->connection.identity.id) {
          shown.last_pushed_at = each.last_pushed_at;
          shown.last_push_error = each.last_push_error;
        }
  }
  x.out.body = connection_as_json(shown);
  x.plain(status);
}

awaitable<void> create_connection(exchange& x) {
  const auto in = co_await enter(x);
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
  const auto in = co_await enter(x);
  if (!in.who)
    co_return;
  const auto all = co_await connections_of(x, in.brand_id);
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

awaitable<void> disable_connection(exchange& x) {
  const auto in = co_await enter(x);
  if (!in.who)
    co_return;
  auto connection = co_await find_connection(x, in.brand_id);
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

awaitable<void> push_events(exchange& x) {
  const auto in = co_await enter(x);
  if (!in.who)
    co_return;
  const auto connection = co_await find_connection(x, in.brand_id);
  if (!connection)
    co_return;
  if (connection->status == referrals::connection_status::disabled) {
    x.fail(referrals::connection_is_disabled());
    co_return;
  }
  const auto type = x.media_type();
  if (!format_of(type, {})) {
    x.fail(error{errc::unsupported_media_type,
                 "Content-Type must be application/json or application/x-ndjson"});
    co_return;
  }
  auto body = co_await x.stream().take_all(x.limits().events_limit);
  if (body.has_error()) {
    x.fail(body.error());
    co_return;
  }
  if (!still_valid(x))
    co_return;
  if (const auto fits = check_depth(*body, x.limits()); !fits) {
    x.fail(fits.error());
    co_return;
  }
  actors::push_request request;
  request.by = origin_of(x, in.who, in.key, *body);
  request.connection = connection;
  request.format = *format_of(type, *body);
  request.body = std::make_shared<const std::string>(std::move(*body));
  const auto& pool = x.app().service.ingest();
  request.place = pool.enter(connection->identity.id);
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
  actors::report_request wanted{brand_id, *query};
  const auto reply = co_await ask<actors::report_reply>(x, x.app().service.reporters().next(),
                                                        intent::read, std::move(wanted));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  const bool csv = wants_csv(x.head);
  x.out.body = csv ? referrals::to_csv(*reply, *query) : referrals::to_json(*reply, *query);
  x.plain(200, csv ? "text/csv; charset=utf-8" : "application/json");
}

awaitable<void> get_platforms(exchange& x) {
  const auto in = co_await enter(x);
  if (!in.who)
    co_return;
  x.out.body = x.app().platform_json;
  x.plain(200);
}

} // namespace

void add_ai_referral_routes(std::vector<route>& to) {
  using enum method;
  constexpr auto kin = family::referrals;
  constexpr std::string_view connections = "/{brand_id}/ai-referrals/connections";
  to.push_back({get,
                connections,
                kin,
                access::read,
                "listConnections",
                "List a brand's connections",
                {200, 401, 403, 404, 422},
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
                {201, 400, 401, 403, 404, 409, 413, 415, 422, 503},
                create_connection,
                {"Idempotency-Key"},
                "CreateConnection",
                "Connection"});
  to.push_back({delete_,
                "/{brand_id}/ai-referrals/connections/{connection_id}",
                kin,
                access::write,
                "disableConnection",
                "Disable a connection; its data is kept",
                {200, 401, 403, 404, 422, 503},
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
                {200, 401, 403, 404, 422},
                get_report,
                {"start_date", "end_date", "group_by", "platform", "connection", "page_prefix",
                 "order_by", "limit", "offset"},
                {},
                "Report"});
  to.push_back({get,
                "/{brand_id}/ai-referrals/platforms",
                kin,
                access::read,
                "listAiPlatforms",
                "List the AI platforms that count",
                {200, 401, 403, 404, 422},
                get_platforms,
                {},
                {},
                "PlatformList"});
}

} // namespace headwater::http
