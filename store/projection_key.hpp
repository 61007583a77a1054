#pragma once

// Where the position that a projection table reflects is kept (store/FORMAT.md). Pure.

#include "store/event_log.hpp"

#include <string_view>

namespace headwater::store {

/// A key of the default column family; empty for table::operational, which reflects nothing.
[[nodiscard]] constexpr std::string_view projection_key(table where) {
  switch (where) {
  case table::directory:
    return "projection/directory";
  case table::referrals:
    return "projection/referrals";
  case table::operational:
    return "";
  }
  return "";
}

} // namespace headwater::store
