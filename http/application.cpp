#include "http/application.hpp"

#include "domain/core/preconditions.hpp"
#include "domain/core/time.hpp"
#include "http/ai_assistants_list.hpp"
#include "http/openapi/openapi.hpp"
#include "http/process_metrics.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <iterator>

namespace headwater::http {
namespace {

std::unique_ptr<actors::shares> seats(std::size_t all) {
  return std::make_unique<actors::shares>(all, std::max<std::size_t>(1, all / 4), all / 2);
}

prometheus::MetricFamily list_family(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge, {}};
}

void add(prometheus::MetricFamily& to, std::string_view list, double value) {
  auto& metric = to.metric.emplace_back();
  metric.label.push_back({"list", std::string(list)});
  metric.gauge.value = value;
}

/// Of which day the lists of sources are, and how long.
std::vector<prometheus::MetricFamily> metrics_of(const attribution::source_lists& lists) {
  constexpr double day = 86'400;
  auto dates =
      list_family("headwater_list_date_seconds", "Day of a list of sources, seconds since 1970");
  auto entries = list_family("headwater_list_entries", "Entries of a list of sources");
  std::vector<attribution::list_info> all(lists.all().begin(), lists.all().end());
  all.push_back(ai_assistants_list());
  for (const auto& each : all) {
    add(dates, each.name, day * parse_date(each.date).value_or(0));
    add(entries, each.name, static_cast<double>(each.entries));
  }
  return {std::move(dates), std::move(entries)};
}

void append(std::vector<prometheus::MetricFamily>& to, std::vector<prometheus::MetricFamily> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

application::application(actors::service& below,
                         std::shared_ptr<const attribution::source_lists> sources)
    : service(below), lists(std::move(sources)),
      openapi(std::make_shared<const shared_body>(openapi_document(all_routes()))),
      openapi_tag(etag_of_text(openapi->plain())), followers(seats(settings{}.followers)),
      metrics_page([this] { return render_metrics(); }) {}

std::string application::render_metrics() const {
  auto all = service.parts().counters->registry->Collect();
  if (counters)
    append(all, counters->Collect());
  append(all, metrics_of(*lists.load()));
  append(all, process_metrics());
  all.push_back(build_info(version));
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
  app.version = limits.version;
  app.console = std::make_unique<const console_files>(limits.public_path);
  auto out = std::make_unique<server>(all_routes(), std::move(limits), &app, &app.service.system(),
                                      &app.service.parts().counters->storage);
  app.counters = out->counters();
  return out;
}

} // namespace headwater::http
