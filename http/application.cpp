#include "http/application.hpp"

#include "domain/core/preconditions.hpp"
#include "http/openapi/openapi.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <iterator>

namespace headwater::http {
namespace {

std::unique_ptr<actors::shares> seats(std::size_t all) {
  return std::make_unique<actors::shares>(all, std::max<std::size_t>(1, all / 4), all / 2);
}

} // namespace

application::application(actors::service& below)
    : service(below), openapi(std::make_shared<const shared_body>(openapi_document(all_routes()))),
      openapi_tag(etag_of_text(openapi->plain())), followers(seats(settings{}.followers)),
      metrics_page([this] { return render_metrics(); }) {}

std::string application::render_metrics() const {
  auto all = service.parts().counters->registry->Collect();
  if (counters) {
    auto own = counters->Collect();
    all.insert(all.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  return prometheus::TextSerializer().Serialize(all);
}

std::vector<endpoint> all_routes() {
  std::vector<endpoint> out;
#define HEADWATER_ADD_FAMILY(NAME) add_##NAME##_routes(out);
  HEADWATER_FAMILIES(HEADWATER_ADD_FAMILY)
#undef HEADWATER_ADD_FAMILY
  return out;
}

std::unique_ptr<server> make_server(application& app, settings limits) {
  app.followers = seats(limits.followers);
  if (limits.failed_logins > 0)
    app.failed_logins = std::make_unique<address_limits>(
        request_rate{limits.failed_logins, std::chrono::seconds{1}});
  auto out = std::make_unique<server>(all_routes(), std::move(limits), &app, &app.service.system(),
                                      &app.service.parts().counters->storage);
  app.counters = out->counters();
  return out;
}

} // namespace headwater::http
