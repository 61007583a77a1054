#include "domain/referrals/platforms/own_platforms.hpp"

#include "domain/hosts/domain_name.hpp"
#include "domain/hosts/host.hpp"

#include <algorithm>

namespace headwater::referrals {
namespace {

std::vector<platform_entry> views_of(const std::vector<own_platform>& entries) {
  std::vector<platform_entry> out;
  out.reserve(entries.size());
  for (const auto& entry : entries)
    out.push_back({entry.platform, entry_kind::host, entry.host, nullptr});
  return out;
}

/// Whether the own host wins over the shipped entry that also matches.
bool is_closer(std::string_view own_host, std::string_view shipped) {
  const auto shipped_host = std::min(shipped.find('/'), shipped.size());
  return own_host.size() != shipped_host ? own_host.size() > shipped_host
                                         : shipped.size() == shipped_host;
}

referrer_match closer(const referrer_match& by_brand, const referrer_match& by_list) {
  if (!by_brand.platform)
    return by_list;
  // A host in the brand's list may be a word in the shipped one: "duck.ai".
  const bool by_host = by_list.platform && by_list.reason == referrer_reason::host_listed;
  return by_host && !is_closer(by_brand.entry, by_list.entry) ? by_list : by_brand;
}

} // namespace

own_platforms::own_platforms(std::vector<own_platform> entries)
    : entries_(std::move(entries)), list_({}, views_of(entries_), platform_list::naming::no_token) {
}

referrer_match match_referrer(const platform_list& shipped, const own_platforms& own,
                              std::string_view raw) {
  return match_referrer(shipped, own.list(), raw);
}

referrer_match match_referrer(const platform_list& shipped, const platform_list& own,
                              std::string_view raw) {
  const auto by_brand = match_referrer(own, raw);
  const auto by_list = match_referrer(shipped, raw);
  return closer(by_brand, by_list);
}

referrer_match match_utm_source(const platform_list& shipped, const platform_list& own,
                                std::string_view source) {
  const auto by_brand = match_utm_source(own, source);
  const auto by_list = match_utm_source(shipped, source);
  return closer(by_brand, by_list);
}

std::optional<std::string> platform_host(std::string_view text) {
  auto name = attribution::to_ascii_domain(text);
  if (!name || !attribution::is_domain_name(*name))
    return std::nullopt;
  return name;
}

} // namespace headwater::referrals
