// .../ai-referrals/platforms: the AI platforms of a brand, shipped and its own.

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/referrals/platforms/own_platforms.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/referrals/ai_referrals_json.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view all = "/{brand_id}/ai-referrals/platforms";
constexpr std::string_view platform_path = "/{brand_id}/ai-referrals/platforms/{host}";

/// The host in the path in the form of entries; a fault if it is not one.
std::string host_of_path(const exchange& x, request_check& check) {
  auto host = referrals::platform_host(x.param(1));
  if (!host)
    check.add({{"path", "host"},
               "Host should be a name such as assistant.example.com, without scheme, port, path, "
               "wildcard or trailing dot, and no IP address",
               "value_error"});
  return host.value_or(std::string{});
}

answer show(const actors::changed_platform& changed) {
  json_writer out;
  write_resource(out, changed.entry, {});
  return plain(std::move(out).str(), changed.is_new ? 201 : 200)
      .tagged(accounts::etag_of(changed.entry));
}

awaitable<result<answer>> list_platforms(exchange& x, const entered_brand& in) {
  const auto position = log_position(x);
  actors::list_brand_platforms wanted{in.brand_id, in.owner};
  CO_TRY(const auto own, co_await ask(x, wanted));
  const auto& shipped = referrals::platform_list::shipped();
  co_return plain(platforms_as_json(shipped, own)).versioned(position, shipped.version());
}

awaitable<result<answer>> put_platform(exchange& x, const entered_brand& in,
                                       const std::string& host) {
  CO_TRY(const auto body, co_await json_object(x, x.limits().body_limit));
  CO_TRY(auto name, accounts::read_platform_name(body.members));
  actors::directory_request request{
      origin_of(x, in.who),
      actors::put_brand_platform{in.brand_id, in.owner, host, std::move(name), x.condition}};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  co_return show(std::get<actors::changed_platform>(done.value));
}

awaitable<result<answer>> remove_platform(exchange& x, const entered_brand& in,
                                          const std::string& host) {
  actors::directory_request request{
      origin_of(x, in.who),
      actors::remove_brand_platform{in.brand_id, in.owner, host, x.condition}};
  CO_TRY(const auto done, co_await ask(x, std::move(request)));
  auto gone = show(std::get<actors::changed_platform>(done.value));
  gone.etag.clear(); // the entry is gone
  co_return std::move(gone);
}

constexpr route list_platforms_route{
    .verb = method::get,
    .path = all,
    .gate = brand(access::read),
    .name = "listAiPlatforms",
    .summary = "List the AI platforms that count: the shipped list and the brand's own entries",
    .kin = family::referrals,
    .answers = "PlatformList",
    .tagged = true,
    .run = list_platforms};
constexpr route put_platform_route{
    .verb = method::put,
    .path = platform_path,
    .gate = brand(access::admin),
    .input = host_of_path,
    .name = "putAiPlatform",
    .summary = "Let a host, and all hosts below it, count as an AI platform in later pushes",
    .kin = family::referrals,
    .body = "PutBrandPlatform",
    .answers = "BrandPlatform",
    .successes = {200, 201},
    .tagged = true,
    .run = put_platform};
constexpr route remove_platform_route{
    .verb = method::delete_,
    .path = platform_path,
    .gate = brand(access::admin),
    .input = host_of_path,
    .name = "removeAiPlatform",
    .summary = "Remove an entry that the brand has added; rows keep their platform",
    .kin = family::referrals,
    .answers = "BrandPlatform",
    .tagged = true,
    .run = remove_platform};

} // namespace

void add_ai_platform_routes(std::vector<endpoint>& to) {
  to.insert(to.end(),
            {row(list_platforms_route), row(put_platform_route), row(remove_platform_route)});
}

} // namespace headwater::http
