// Endpoints for machines: liveness, readiness, metrics, the API's document.

#include "domain/core/text.hpp"
#include "domain/core/time.hpp"
#include "domain/json/json_writer.hpp"
#include "http/ai_assistants_list.hpp"
#include "http/application.hpp"
#include "http/gate/route.hpp"
#include "http/operators/source_list_json.hpp"

#include <chrono>

namespace headwater::http {

namespace {

using nobody = open_gate::entered;

awaitable<result<answer>> live(exchange&, const nobody&) {
  co_return success(R"({"status":"ok"})");
}

/// Whether the details of readiness are for this client: by a listener of their own, or, where
/// there is but one, by the token of an admin of all accounts. Everybody may ask without one.
awaitable<bool> is_from_operator(exchange& x) {
  if (x.arrived_on != listener_role::everything)
    co_return x.arrived_on == listener_role::operators;
  if (!x.credentials())
    co_return false;
  const auto who = co_await authorise(x, access::admin);
  co_return who.has_value() && check_operator(*who).has_value();
}

/// Why the service takes no writes. The log is asked itself, because its journal notices only once
/// a second that something else has stopped it.
std::optional<std::string> reason_not_ready(const actors::service_parts& parts) {
  auto why = parts.log->events().stopped_reason();
  if (!why && !parts.status->writable())
    why = parts.status->reason();
  return why;
}

/// For operators: also what stored data could not be read since the start. That stops an account or
/// a report, not the service, so the status does not change. Nor does it on a disk that is almost
/// full: reads and removals go on.
std::string readiness(const std::optional<actors::storage_error_report>& errors,
                      const actors::disk_status& disk, const attribution::source_lists& lists) {
  json_writer out;
  out.begin_object().member("status", "ready");
  if (errors) {
    out.plain_key("storage_errors").begin_object();
    out.member("count", static_cast<std::int64_t>(errors->count));
    out.member("last", to_valid_utf8(errors->last));
    out.member("last_at", to_rfc3339_seconds(errors->last_at));
    out.end_object();
  }
  if (disk.is_low()) {
    out.plain_key("disk").begin_object();
    out.member("left", static_cast<std::int64_t>(disk.left()));
    out.member("low_water", static_cast<std::int64_t>(disk.mark()));
    out.end_object();
  }
  out.plain_key("lists").begin_array();
  for (const auto& each : lists.all())
    write_list(out, each);
  write_list(out, ai_assistants_list());
  out.end_array();
  out.end_object();
  return std::move(out).str();
}

awaitable<result<answer>> ready(exchange& x, const nobody&) {
  const auto& parts = x.app().service.parts();
  const bool is_operator = co_await is_from_operator(x);
  if (const auto why = reason_not_ready(parts))
    co_return error{errc::service_unavailable,
                    is_operator ? "Not ready: " + *why
                                : "Not ready: a write failed, and the log takes no more"};
  if (!is_operator)
    co_return success(R"({"status":"ready"})");
  co_return success(
      readiness(parts.counters->storage.report(), *parts.disk, *x.app().lists.load()));
}

awaitable<result<answer>> show_metrics(exchange& x, const monitoring_gate::entered&) {
  auto page = x.app().metrics_page.get(std::chrono::steady_clock::now().time_since_epoch());
  co_return shared(std::move(page), "text/plain; version=0.0.4; charset=utf-8");
}

awaitable<result<answer>> show_openapi(exchange& x, const nobody&) {
  co_return shared(x.app().openapi).tagged(x.app().openapi_tag);
}

constexpr route live_route{.verb = method::get,
                           .path = "/livez",
                           .gate = anyone,
                           .name = "live",
                           .summary = "Whether the process answers",
                           .kin = family::operations,
                           .on = served_on::both,
                           .answers = "Status",
                           .run = live};
constexpr route health_route{.verb = method::get,
                             .path = "/health",
                             .gate = anyone,
                             .name = "health",
                             .summary = "The same as /livez",
                             .kin = family::operations,
                             .on = served_on::both,
                             .answers = "Status",
                             .run = live};
constexpr route ready_route{.verb = method::get,
                            .path = "/readyz",
                            .gate = anyone,
                            .name = "ready",
                            .summary = "Whether the service takes writes",
                            .kin = family::operations,
                            .on = served_on::both,
                            .answers = "Readiness",
                            .refusals = {503},
                            .looks_at_token = true,
                            .run = ready};
constexpr route metrics_route{.verb = method::get,
                              .path = "/metrics",
                              .gate = monitoring,
                              .name = "metrics",
                              .summary = "Prometheus metrics",
                              .kin = family::operations,
                              .on = served_on::both,
                              .answers_also = {media::plain_text},
                              .refusals = {401, 403, 429},
                              .run = show_metrics};
constexpr route openapi_route{.verb = method::get,
                              .path = "/openapi.json",
                              .gate = anyone,
                              .name = "openapi",
                              .summary = "This document",
                              .kin = family::operations,
                              .answers = "OpenApi",
                              .is_bare = true,
                              .tagged = true,
                              .run = show_openapi};

} // namespace

void add_operation_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(live_route), row(health_route), row(ready_route), row(metrics_route),
                       row(openapi_route)});
}

} // namespace headwater::http
