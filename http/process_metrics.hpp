#pragma once

// What /metrics says of the process, under the names that Prometheus uses for all programs, and
// which program it is. Asks the kernel each time; what it does not tell is left out. Any thread.

#include <prometheus/metric_family.h>

#include <string_view>
#include <vector>

namespace headwater::http {

/// Memory and start time; http/server/metrics has the descriptors.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_metrics();

/// headwater_build_info{version="..."} 1
[[nodiscard]] prometheus::MetricFamily build_info(std::string_view version);

} // namespace headwater::http
