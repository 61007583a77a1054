#include "http/server/descriptor_budget.hpp"

#include "store/disk/open_files.hpp"

#include <algorithm>
#include <string>

namespace headwater::http {
namespace {

// For each io thread: epoll, its timer, its wake-up, and a session that has released its place and
// is about to close.
constexpr std::size_t files_of_io_thread = 4;
// The listener, a connection being refused, waiting for signals (5), and some that libraries open
// for a moment.
constexpr std::size_t files_of_server = 16;
constexpr std::size_t fewest_connections = 16;
constexpr std::size_t store_share = 3; // a third
constexpr std::size_t most_store_files = store::files_of_log(store::most_open_tables);
constexpr std::size_t least_store_files = store::files_of_log(store::least_open_tables);

std::size_t fixed(const descriptor_demand& demand) {
  return demand.in_use + files_of_server + files_of_io_thread * demand.io_threads;
}

} // namespace

std::size_t descriptors_wanted(const descriptor_demand& demand) {
  return fixed(demand) + most_store_files + demand.connections;
}

std::size_t descriptors_required(const descriptor_demand& demand) {
  return fixed(demand) + least_store_files + std::min(fewest_connections, demand.connections);
}

result<descriptor_budget> share_descriptors(const descriptor_demand& demand, std::size_t limit) {
  if (const auto required = descriptors_required(demand); limit < required) {
    const auto least = std::to_string(required);
    return error{errc::service_unavailable, "the process may have " + std::to_string(limit) +
                                                " files open, and " + least +
                                                " are the least to start with: set 'ulimit -n " +
                                                least + "' or LimitNOFILE=" + least};
  }
  const auto shared = limit - fixed(demand);
  const auto unclaimed = shared > demand.connections ? shared - demand.connections : 0;
  const auto open_tables = store::tables_within(std::max(shared / store_share, unclaimed));
  const auto store_files = store::files_of_log(open_tables);
  return descriptor_budget{limit, std::min(demand.connections, shared - store_files), open_tables,
                           store_files};
}

} // namespace headwater::http
