#include "domain/core/canonical_json.hpp"
#include "domain/referrals/own_platforms.hpp"
#include "http/actor_reply.hpp"
#include "http/ai_referrals_json.hpp"
#include "http/application.hpp"
#include "http/brand_entry.hpp"
#include "http/directory_calls.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view all = "/{brand_id}/ai-referrals/platforms";
constexpr std::string_view one = "/{brand_id}/ai-referrals/platforms/{host}";

/// The host of the path as entries have it; a fault where it is none.
std::string host_of_path(const exchange& x, request_check& check) {
  auto host = referrals::platform_host(x.param(1));
  if (!host)
    check.add({{"path", "host"},
               "Host should be a name such as assistant.example.com, without scheme, port, path, "
               "wildcard or trailing dot, and no IP address",
               "value_error"});
  return host.value_or(std::string{});
}

void show(exchange& x, const actors::changed_platform& changed) {
  canonical_writer out;
  write_resource(out, changed.entry, {});
  x.out.body = std::move(out).str();
  x.plain(changed.is_new ? 201 : 200);
}

awaitable<void> send_change(exchange& x, actors::directory_request request) {
  const auto done = co_await send_to_directory(x, std::move(request));
  if (done)
    show(x, std::get<actors::changed_platform>(done->value));
}

awaitable<void> list_platforms(exchange& x) {
  request_check check(x);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  actors::list_brand_platforms wanted{in.brand_id};
  const auto own = co_await ask<actors::brand_platform_list>(x, x.app().service.readers().next(),
                                                             intent::read, wanted);
  if (own.has_error()) {
    x.fail(own.error());
    co_return;
  }
  x.out.body = platforms_as_json(referrals::platform_list::shipped(), *own);
  x.plain(200);
}

awaitable<void> put_platform(exchange& x) {
  request_check check(x);
  auto host = host_of_path(x, check);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  const auto body = co_await json_object(x, x.limits().body_limit);
  if (!body)
    co_return;
  auto name = accounts::read_platform_name(body->members);
  if (name.has_error()) {
    x.fail(name.error());
    co_return;
  }
  actors::directory_request request;
  request.by = origin_of(x, in.who, std::nullopt, {});
  request.command =
      actors::put_brand_platform{in.brand_id, in.owner, std::move(host), std::move(*name)};
  co_await send_change(x, std::move(request));
}

awaitable<void> remove_platform(exchange& x) {
  request_check check(x);
  auto host = host_of_path(x, check);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  actors::directory_request request;
  request.by = origin_of(x, in.who, std::nullopt, {});
  request.command = actors::remove_brand_platform{in.brand_id, in.owner, std::move(host)};
  co_await send_change(x, std::move(request));
}

} // namespace

void add_ai_platform_routes(std::vector<route>& to) {
  using enum method;
  constexpr auto kin = family::referrals;
  to.push_back({get,
                all,
                kin,
                access::read,
                "listAiPlatforms",
                "List the AI platforms that count: the shipped list and the brand's own entries",
                {200, 401, 403, 404, 410, 422},
                list_platforms,
                {},
                {},
                "PlatformList"});
  to.push_back({put,
                one,
                kin,
                access::admin,
                "putAiPlatform",
                "Let a host, and all hosts below it, count as an AI platform in later pushes",
                {200, 201, 400, 401, 403, 404, 410, 413, 415, 422, 503},
                put_platform,
                {},
                "PutBrandPlatform",
                "BrandPlatform"});
  to.push_back({delete_,
                one,
                kin,
                access::admin,
                "removeAiPlatform",
                "Remove an entry that the brand has added; rows keep their platform",
                {200, 401, 403, 404, 410, 422, 503},
                remove_platform,
                {},
                {},
                "BrandPlatform"});
}

} // namespace headwater::http
