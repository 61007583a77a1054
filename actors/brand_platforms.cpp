#include "actors/brand_platforms.hpp"

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

result<referrals::own_platforms_ptr> own_platforms_of(const service_parts& parts,
                                                      std::int64_t brand_id) {
  auto known = parts.own_platforms->find(brand_id);
  if (!known) {
    auto generation = parts.own_platforms->generation(brand_id);
    auto entries = read_brand_platforms(parts.log->tables(), brand_id);
    if (!entries)
      return entries.error();
    std::vector<referrals::own_platform> own;
    own.reserve(entries->size());
    for (auto& entry : *entries)
      own.push_back({std::move(entry.host), std::move(entry.platform)});
    known = parts.own_platforms->insert(
        brand_id, std::make_shared<const referrals::own_platforms>(std::move(own)), generation);
  }
  return known->empty() ? nullptr : known;
}

} // namespace headwater::actors
