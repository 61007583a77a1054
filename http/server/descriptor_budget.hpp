#pragma once

// Divides the file descriptors that the system allows the process among the server, the store and
// connections. Only computes: tools/ finds out the limit, raises it and applies the result.

#include "domain/core/error.hpp"

#include <cstddef>

namespace headwater::http {

struct descriptor_demand {
  std::size_t in_use = 3; ///< open before the service starts: stdio, and inherited ones
  std::size_t io_threads = 1;
  std::size_t connections = 10'000; ///< settings::connections_limit
};

struct descriptor_budget {
  std::size_t limit = 0;       ///< the limit being divided
  std::size_t connections = 0; ///< accepted at a time, at most as many as were asked for
  std::size_t open_tables = 0; ///< for store::rocksdb_options
  std::size_t store_files = 0; ///< all files that the store may have open with that many tables
};

/// The limit that suffices for everything that is asked for.
[[nodiscard]] std::size_t descriptors_wanted(const descriptor_demand& demand);

/// The limit below which the program refuses to start.
[[nodiscard]] std::size_t descriptors_required(const descriptor_demand& demand);

/// If the limit is too small for everything, the store gets a third of what there is to divide, but
/// at least its minimum, and connections get the rest. errc::service_unavailable below
/// descriptors_required(); the message says what to set.
[[nodiscard]] result<descriptor_budget> share_descriptors(const descriptor_demand& demand,
                                                          std::size_t limit);

} // namespace headwater::http
