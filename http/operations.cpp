#include "http/application.hpp"
#include "http/exchange.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace headwater::http {

namespace {

awaitable<void> live(exchange& x) {
  x.success(R"({"status":"ok"})");
  co_return;
}

awaitable<void> ready(exchange& x) {
  const auto& status = *x.app().service.parts().status;
  if (status.writable())
    x.success(R"({"status":"ready"})");
  else
    x.fail(error{errc::service_unavailable, "Not ready: " + status.reason()});
  co_return;
}

awaitable<void> show_metrics(exchange& x) {
  auto all = x.app().service.parts().counters->registry->Collect();
  if (x.app().counters) {
    auto own = x.app().counters->Collect();
    all.insert(all.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  x.out.body = prometheus::TextSerializer().Serialize(all);
  x.plain(200, "text/plain; version=0.0.4; charset=utf-8");
  co_return;
}

awaitable<void> show_openapi(exchange& x) {
  x.out.body = x.app().openapi;
  x.plain(200);
  co_return;
}

} // namespace

void add_operation_routes(std::vector<route>& to) {
  constexpr auto kin = family::operations;
  constexpr auto get = method::get;
  to.push_back({get,
                "/livez",
                kin,
                access::anyone,
                "live",
                "Whether the process answers",
                {200},
                live,
                {},
                {},
                "Status"});
  to.push_back({get,
                "/health",
                kin,
                access::anyone,
                "health",
                "The same as /livez",
                {200},
                live,
                {},
                {},
                "Status"});
  to.push_back({get,
                "/readyz",
                kin,
                access::anyone,
                "ready",
                "Whether the service takes writes",
                {200, 503},
                ready,
                {},
                {},
                "Status"});
  to.push_back({get,
                "/metrics",
                kin,
                access::anyone,
                "metrics",
                "Prometheus metrics",
                {200},
                show_metrics,
                {},
                {},
                {}});
  to.push_back({get,
                "/openapi.json",
                kin,
                access::anyone,
                "openapi",
                "This document",
                {200},
                show_openapi,
                {},
                {},
                {}});
}

} // namespace headwater::http
