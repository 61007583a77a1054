#pragma once

// An AI platform that a brand has added to the allow-list for its own pushes: a host, with all
// hosts below it, and the name that reports show. A pure value; the directory projection holds one
// row per entry.

#include "domain/json/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace headwater::accounts {

struct brand_platform {
  std::int64_t brand_id = 0;
  std::string host; ///< in lowercase ASCII, unique in the brand
  std::string platform;
  micros created_at = 0;
  micros updated_at = 0;

  bool operator==(const brand_platform&) const = default;
};

/// How many a brand may have. They are looked up by hash, so the limit is about memory and list
/// length.
inline constexpr std::size_t max_brand_platforms = 1'000;

/// The entity tag of an entry, over everything that the API shows of it.
[[nodiscard]] std::string etag_of(const brand_platform& of);

/// The name in the body of PUT /{brand_id}/ai-referrals/platforms/{host}. errc::validation_error
/// with all faults; unknown members are ignored.
[[nodiscard]] result<std::string> read_platform_name(const draft& body);

} // namespace headwater::accounts

namespace headwater {
template <>
field_table<accounts::brand_platform> fields_of<accounts::brand_platform>();
}
