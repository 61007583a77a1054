#include "http/addresses/forwarded.hpp"

#include "domain/core/text.hpp"
#include "http/addresses/counted_address.hpp"

#include <algorithm>
#include <string>

namespace headwater::http {

namespace {

namespace ip = boost::asio::ip;

/// "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535" is not longer.
constexpr std::size_t longest_entry = 56;
constexpr std::size_t most_port_digits = 5;

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= most_port_digits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The address in an entry, without brackets and port; empty if they are wrong.
std::string_view without_port(std::string_view entry) {
  if (entry.starts_with('[')) {
    const auto end = entry.find(']');
    if (end == entry.npos)
      return {};
    const auto rest = entry.substr(end + 1);
    const auto inner = entry.substr(1, end - 1);
    const bool is_v6 = inner.find(':') != inner.npos;
    const bool is_good = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
    return is_v6 && is_good ? inner : std::string_view{};
  }
  const auto colon = entry.find(':');
  if (colon == entry.npos || entry.find(':', colon + 1) != entry.npos)
    return entry; // IPv4 alone, or IPv6
  return is_port(entry.substr(colon + 1)) ? entry.substr(0, colon) : std::string_view{};
}

} // namespace

std::optional<ip::address> read_forwarded(std::string_view entry) {
  if (entry.size() > longest_entry)
    return std::nullopt;
  const auto text = without_port(entry);
  if (text.empty() || !has_only_characters_of_addresses(text))
    return std::nullopt;
  boost::system::error_code ec;
  const auto out = ip::make_address(std::string(text), ec);
  if (ec)
    return std::nullopt;
  return unmapped(out);
}

ip::address client_behind(const network_set& trusted, const ip::address& peer,
                          std::span<const std::string_view> lines) {
  auto client = peer;
  if (!trusted.contains(peer))
    return client;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    auto rest = *line;
    for (bool is_last = false; !is_last;) {
      const auto comma = rest.rfind(',');
      is_last = comma == rest.npos;
      const auto entry = trimmed(is_last ? rest : rest.substr(comma + 1));
      rest = rest.substr(0, is_last ? 0 : comma);
      if (entry.empty()) // RFC 9110, 5.6.1: empty elements of a list mean nothing
        continue;
      const auto found = read_forwarded(entry);
      if (!found)
        return client;
      client = *found;
      if (!trusted.contains(client))
        return client;
    }
  }
  return client;
}

} // namespace headwater::http
