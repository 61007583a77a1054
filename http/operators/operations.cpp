// Endpoints for machines: liveness, readiness, metrics, the API's document.

#include "http/application.hpp"
#include "http/gate/route.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace headwater::http {

namespace {

using nobody = open_gate::entered;

awaitable<result<answer>> live(exchange&, const nobody&) {
  co_return success(R"({"status":"ok"})");
}

awaitable<result<answer>> ready(exchange& x, const nobody&) {
  const auto& status = *x.app().service.parts().status;
  if (!status.writable())
    co_return error{errc::service_unavailable, "Not ready: " + status.reason()};
  co_return success(R"({"status":"ready"})");
}

awaitable<result<answer>> show_metrics(exchange& x, const nobody&) {
  auto all = x.app().service.parts().counters->registry->Collect();
  if (x.app().counters) {
    auto own = x.app().counters->Collect();
    all.insert(all.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  co_return plain(prometheus::TextSerializer().Serialize(all), 200,
                  "text/plain; version=0.0.4; charset=utf-8");
}

awaitable<result<answer>> show_openapi(exchange& x, const nobody&) {
  co_return plain(x.app().openapi).tagged(x.app().openapi_tag);
}

constexpr route live_route{.verb = method::get,
                           .path = "/livez",
                           .gate = anyone,
                           .name = "live",
                           .summary = "Whether the process answers",
                           .kin = family::operations,
                           .answers = "Status",
                           .run = live};
constexpr route health_route{.verb = method::get,
                             .path = "/health",
                             .gate = anyone,
                             .name = "health",
                             .summary = "The same as /livez",
                             .kin = family::operations,
                             .answers = "Status",
                             .run = live};
constexpr route ready_route{.verb = method::get,
                            .path = "/readyz",
                            .gate = anyone,
                            .name = "ready",
                            .summary = "Whether the service takes writes",
                            .kin = family::operations,
                            .answers = "Status",
                            .refusals = {503},
                            .run = ready};
constexpr route metrics_route{.verb = method::get,
                              .path = "/metrics",
                              .gate = anyone,
                              .name = "metrics",
                              .summary = "Prometheus metrics",
                              .kin = family::operations,
                              .run = show_metrics};
constexpr route openapi_route{.verb = method::get,
                              .path = "/openapi.json",
                              .gate = anyone,
                              .name = "openapi",
                              .summary = "This document",
                              .kin = family::operations,
                              .tagged = true,
                              .run = show_openapi};

} // namespace

void add_operation_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(live_route), row(health_route), row(ready_route), row(metrics_route),
                       row(openapi_route)});
}

} // namespace headwater::http
