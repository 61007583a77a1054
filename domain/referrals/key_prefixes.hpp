#pragma once

// The prefixes of all keys of a connection, or of a brand (FORMATS.md): what is deleted when they
// are erased. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

struct key_prefixes {
  std::vector<std::string> referrals; ///< of that table
  std::vector<std::string> rows;      ///< likewise
  std::vector<std::string> rollups;   ///< likewise
};

[[nodiscard]] key_prefixes prefixes_of_connection(std::string_view connection_id);

/// Prefixes in table referrals that index a brand's connections.
[[nodiscard]] std::vector<std::string> prefixes_of_brand(std::int64_t brand_id);

} // namespace headwater::referrals
