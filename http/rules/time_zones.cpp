#include "http/rules/time_zones.hpp"

#include "domain/json/fields.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <date/tz.h>

namespace headwater::http {
namespace {

/// The names of all zones, ascending; read from the disk once.
const std::vector<std::string>& zone_names() {
  static const auto names = [] {
    std::vector<std::string> all{"UTC"};
    try {
      // With the zones of the system, other names of a zone are zones, too.
      for (const auto& zone : date::get_tzdb().zones)
        all.push_back(zone.name());
    } catch (const std::exception& why) {
      spdlog::warn("no time zone but UTC is known here: {}", why.what());
    }
    // What the machine itself is set to, which means nothing elsewhere.
    std::erase(all, "localtime");
    std::ranges::sort(all);
    return all;
  }();
  return names;
}

} // namespace

bool is_time_zone(std::string_view name) {
  return std::ranges::binary_search(zone_names(), name);
}

void check_time_zone(draft& body) {
  const auto* sent = body.find("timezone");
  const auto* name = sent ? std::get_if<std::string>(sent) : nullptr;
  if (name && !is_time_zone(*name))
    body.faults.push_back({body_path("timezone"),
                           "Input should be an IANA time zone, such as 'Europe/Berlin'",
                           "value_error"});
}

} // namespace headwater::http
