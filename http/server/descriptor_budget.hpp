#pragma once

// Who may have how many of the descriptors that the system lets the process have: the server, the
// store and connections. Arithmetic alone: tools/ asks for the limit, raises it and applies this.

#include "domain/core/error.hpp"

#include <cstddef>

namespace headwater::http {

struct descriptor_demand {
  std::size_t in_use = 3; ///< open before the service starts: stdio, and what was inherited
  std::size_t io_threads = 1;
  std::size_t connections = 10'000; ///< settings::connections_limit
};

struct descriptor_budget {
  std::size_t limit = 0;       ///< that is shared
  std::size_t connections = 0; ///< taken at a time, at most as many as were asked for
  std::size_t open_tables = 0; ///< for store::rocksdb_options
  std::size_t store_files = 0; ///< all that the store may have open with so many tables
};

/// The limit under which nobody has to do with less.
[[nodiscard]] std::size_t descriptors_wanted(const descriptor_demand& demand);

/// The limit below which a start is refused.
[[nodiscard]] std::size_t descriptors_required(const descriptor_demand& demand);

/// Under a limit that is too small for all, the store has a third of what there is to share, but
/// its least in any case, and connections have the rest. service_unavailable below
/// descriptors_required(), with what to set.
[[nodiscard]] result<descriptor_budget> share_descriptors(const descriptor_demand& demand,
                                                          std::size_t limit);

} // namespace headwater::http
