#include "domain/referrals/platforms/account_platforms.hpp"

#include "domain/referrals/platforms/allow_list.hpp"

#include <algorithm>

namespace headwater::referrals {
namespace {

bool is_empty(const brand_list& of) {
  return !of.own || of.own->empty();
}

std::vector<brand_list> in_order(std::vector<brand_list> brands) {
  std::erase_if(brands, is_empty);
  std::ranges::sort(brands, {}, &brand_list::brand_id);
  return brands;
}

/// The entries of all brands; a host that several have is that of the first.
std::vector<platform_entry> merged(const std::vector<brand_list>& brands) {
  std::vector<platform_entry> out;
  for (const auto& brand : brands) {
    const auto& entries = brand.own->list().entries();
    out.insert(out.end(), entries.begin(), entries.end());
  }
  if (brands.size() < 2)
    return out;
  std::ranges::stable_sort(out, {}, &platform_entry::value);
  // Not std::ranges::unique, whose result clang 14 cannot compile.
  out.erase(std::unique(out.begin(), out.end(),
                        [](const auto& a, const auto& b) { return a.value == b.value; }),
            out.end());
  return out;
}

} // namespace

account_platforms::account_platforms(std::vector<brand_list> brands, const platform_list& shipped)
    : shipped_(shipped), brands_(in_order(std::move(brands))),
      own_({}, merged(brands_), platform_list::naming::no_token) {}

std::optional<std::string_view>
account_platforms::platform_of(std::string_view raw_referrer) const {
  return match_referrer(shipped_, own_, raw_referrer).platform;
}

std::optional<std::string_view>
account_platforms::platform_of_source(std::string_view utm_source) const {
  return match_utm_source(shipped_, own_, utm_source).platform;
}

std::optional<std::string_view> account_platforms::entry_of(std::string_view raw_referrer) const {
  const auto found = match_referrer(shipped_, own_, raw_referrer);
  return found.platform ? std::optional{found.entry} : std::nullopt;
}

std::optional<std::int64_t> account_platforms::brand_of(std::string_view raw_referrer) const {
  const auto by_brand = match_referrer(own_, raw_referrer);
  const auto found = match_referrer(shipped_, own_, raw_referrer);
  // Entries are told apart by where their texts are: a shipped one may have the same.
  if (!found.platform || by_brand.entry.data() != found.entry.data())
    return std::nullopt;
  for (const auto& brand : brands_)
    if (const auto* entry = brand.own->list().find_host(found.entry, {});
        entry && entry->value.data() == found.entry.data())
      return brand.brand_id;
  return std::nullopt;
}

std::string_view account_platforms::list_date() const {
  return shipped_.date();
}

void account_platforms::each_host(const host_visitor& visit) const {
  shipped_.each_host(visit);
  own_.each_host(visit);
}

attribution::ai_platforms_ptr platforms_of(std::vector<brand_list> brands) {
  if (std::ranges::all_of(brands, is_empty))
    return std::make_shared<const allow_list>();
  return std::make_shared<const account_platforms>(std::move(brands));
}

} // namespace headwater::referrals
