// GET and PATCH /accounts/{account_id}/attribution: how an account wants its visits attributed,
// beside its rules.

#include "domain/core/try.hpp"
#include "domain/rules/etag.hpp"
#include "domain/rules/settings_fields.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/rules/rules_at.hpp"
#include "http/rules/time_zones.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view settings_path = "/accounts/{account_id}/attribution";

answer show(const attribution::attribution_settings& settings, std::uint64_t revision,
            std::string_view account_id, std::string_view meta) {
  success_writer out;
  write_resource(out.data(), settings, account_id);
  return std::move(out).finish(meta).tagged(attribution::etag_of(revision));
}

struct settings_query {
  std::optional<actors::asked_point> as_of;
};

settings_query read_settings(const exchange&, request_check& check) {
  return {check.point("as_of")};
}

awaitable<result<answer>> get_settings(exchange& x, const entered_account& in,
                                       const settings_query& query) {
  CO_TRY(const auto asked, co_await rules_asked_for(x, in.loaded, query.as_of));
  const auto& rules = *asked.rules;
  co_return show(rules.settings(), rules.settings_revision(), in.loaded->id,
                 ignored_meta({}, asked.as_of));
}

awaitable<result<answer>> update_settings(exchange& x, const entered_account& in) {
  CO_TRY(auto body, co_await json_object(x, x.limits().body_limit));
  check_time_zone(body.members);
  actors::rule_request request;
  request.by = origin_of(x, in.who);
  request.command =
      attribution::update_settings{std::move(body.members), wants_strict(x.head), x.condition};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  const auto& now = done.settings.value();
  co_return show(*now.settings, now.revision, in.loaded->id, ignored_meta(done.ignored_fields));
}

constexpr route get_settings_route{.verb = method::get,
                                   .path = settings_path,
                                   .gate = account(access::read, account_in::path),
                                   .input = read_settings,
                                   .name = "getAttributionSettings",
                                   .summary = "Get the settings of attribution",
                                   .parameters = {"as_of"},
                                   .answers = "AttributionSettings",
                                   .tagged = true,
                                   .run = get_settings};
constexpr route update_settings_route{.verb = method::patch,
                                      .path = settings_path,
                                      .gate = account(access::write, account_in::path),
                                      .name = "updateAttributionSettings",
                                      .summary = "Change the settings of attribution",
                                      .parameters = {"Prefer"},
                                      .body = "UpdateAttributionSettings",
                                      .answers = "AttributionSettings",
                                      .tagged = true,
                                      .run = update_settings};

} // namespace

void add_attribution_settings_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(get_settings_route), row(update_settings_route)});
}

} // namespace headwater::http
