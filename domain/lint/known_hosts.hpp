#pragma once

// The hosts that the linter knows, defined by a source that cmake/known_hosts.py generates from
// data/*.yml and from presets/data. Constant data, any thread.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace headwater::attribution {

struct known_host {
  std::string_view host;
  std::string_view group; ///< "Identity services"
};

/// Hosts of payment, booking and login services, which usually are passthrough referrers; sorted by
/// host. None lies below another.
[[nodiscard]] std::span<const known_host> usual_passthrough_hosts() noexcept;

/// Sites that a pattern is likely to catch by mistake; sorted by host.
[[nodiscard]] std::span<const known_host> well_known_hosts() noexcept;

/// Hosts of webmail and mail gateways, by the name of the service; sorted by host. None lies below
/// another.
[[nodiscard]] std::span<const known_host> own_mail_hosts() noexcept;

/// Whether the host is one of them.
[[nodiscard]] bool is_own_mail(std::string_view host);

/// The entry of usual_passthrough_hosts() that is the host or one of its parents; null if there is
/// none.
[[nodiscard]] const known_host* usual_passthrough(std::string_view host);

/// The well-known hosts that are the domain or lie below it.
[[nodiscard]] std::vector<std::string_view> well_known_below(std::string_view domain);

/// Where a text occurs in a well-known host.
struct occurrence {
  std::string_view host;
  std::size_t at = 0;
};

/// Every occurrence of the text in every well-known host; sorted by host and place.
[[nodiscard]] std::vector<occurrence> well_known_with(std::string_view text);

} // namespace headwater::attribution
