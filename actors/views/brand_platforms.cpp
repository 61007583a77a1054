#include "actors/views/brand_platforms.hpp"

#include "domain/accounts/directory.hpp"

#include <algorithm>

namespace headwater::actors {

brand_platform_list read_brand_platforms(const store::table_store& tables, std::int64_t brand_id) {
  std::vector<accounts::brand_platform> out;
  std::optional<error> failed;
  auto scanned = tables.scan(store::table::directory, accounts::platforms_prefix(brand_id), {},
                             [&](std::string_view, std::string_view value) {
                               auto entry = accounts::decode_platform(value);
                               if (entry)
                                 out.push_back(std::move(*entry));
                               else
                                 failed = entry.error();
                               return !failed;
                             });
  if (!scanned)
    return scanned.error();
  if (failed)
    return *failed;
  std::ranges::sort(out, {}, &accounts::brand_platform::host);
  return out;
}

} // namespace headwater::actors
