#include "domain/referrals/platforms/allow_list.hpp"

#include "domain/referrals/platforms/normaliser.hpp"

#include <algorithm>

namespace headwater::referrals {

std::optional<std::string_view> allow_list::platform_of(std::string_view raw_referrer) const {
  return match_referrer(list_, raw_referrer).platform;
}

std::optional<std::string_view> allow_list::platform_of_source(std::string_view utm_source) const {
  return match_utm_source(list_, utm_source).platform;
}

std::optional<std::string_view> allow_list::entry_of(std::string_view raw_referrer) const {
  const auto found = match_referrer(list_, raw_referrer);
  return found.platform ? std::optional{found.entry} : std::nullopt;
}

std::optional<std::string_view> allow_list::platform_at(const attribution::host& of,
                                                        std::string_view raw_referrer) const {
  // Of "https://host/path", which nearly all browsers send, no part has to be read again.
  for (std::string_view scheme : {"https://", "http://"}) {
    if (!raw_referrer.starts_with(scheme))
      continue;
    const auto rest = raw_referrer.substr(scheme.size());
    const auto path = rest.substr(std::min(rest.find_first_of("/?#"), rest.size()));
    const bool is_plain = rest.size() - path.size() == of.name.size() &&
                          path.find(' ') == path.npos && path.find('\t') == path.npos;
    if (is_plain)
      return list_.of_host(of.name, path);
  }
  return ai_platforms::platform_at(of, raw_referrer);
}

std::string_view allow_list::list_date() const {
  return list_.date();
}

void allow_list::each_host(const host_visitor& visit) const {
  list_.each_host(visit);
}

} // namespace headwater::referrals
