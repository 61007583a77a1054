#include "domain/lint/known_hosts.hpp"

#include <algorithm>
#include <utility>

namespace headwater::attribution {
namespace {

struct suffix {
  std::string_view text; ///< the rest of the host from `at`
  std::string_view host;
  std::size_t at = 0;
};

/// Every suffix of every well-known host, sorted: those that start with a given text are adjacent.
const std::vector<suffix>& suffixes() {
  static const auto all = [] {
    std::vector<suffix> found;
    for (const auto& each : well_known_hosts())
      for (std::size_t at = 0; at < each.host.size(); ++at)
        found.push_back({each.host.substr(at), each.host, at});
    std::ranges::sort(found, {}, &suffix::text);
    return found;
  }();
  return all;
}

/// The entry that is the host or one of its parents; null if there is none.
const known_host* covering(std::span<const known_host> all, std::string_view host) {
  for (;;) {
    const auto found = std::ranges::lower_bound(all, host, {}, &known_host::host);
    if (found != all.end() && found->host == host)
      return &*found;
    const auto dot = host.find('.');
    if (dot == host.npos)
      return nullptr;
    host.remove_prefix(dot + 1);
  }
}

} // namespace

const known_host* usual_passthrough(std::string_view host) {
  return covering(usual_passthrough_hosts(), host);
}

bool is_own_mail(std::string_view host) {
  return covering(own_mail_hosts(), host) != nullptr;
}

std::vector<std::string_view> well_known_below(std::string_view domain) {
  std::vector<std::string_view> found;
  for (const auto& [host, at] : well_known_with(domain))
    if (at + domain.size() == host.size() && (at == 0 || host[at - 1] == '.'))
      found.push_back(host);
  return found;
}

std::vector<occurrence> well_known_with(std::string_view text) {
  const auto& all = suffixes();
  std::vector<occurrence> found;
  const auto first = std::ranges::lower_bound(all, text, {}, &suffix::text);
  const auto is_part = [&](const suffix& each) { return each.text.starts_with(text); };
  const auto last = std::find_if_not(first, all.end(), is_part);
  for (auto each = first; each != last; ++each)
    found.push_back({each->host, each->at});
  std::ranges::sort(found, {}, [](const occurrence& one) { return std::pair(one.host, one.at); });
  return found;
}

} // namespace headwater::attribution
