#include "http/server/host.hpp"

#include "http/server/characters.hpp"

#include <arpa/inet.h>
#include <string>

namespace headwater::http {

namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_port = 5;

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > longest_name)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (characters::is(text[i], characters::host_name))
      continue;
    const auto escaped = text.substr(i + 1, 2);
    if (text[i] != '%' || escaped.size() < 2 || !characters::all(escaped, characters::hex))
      return false;
    i += 2;
  }
  return true;
}

/// Without a zone, which only means something on the machine itself.
bool is_ipv6(std::string_view text) {
  in6_addr ignored{};
  return text.find('\0') == text.npos &&
         inet_pton(AF_INET6, std::string(text).c_str(), &ignored) == 1;
}

bool is_port(std::string_view text) {
  return text.size() <= longest_port && characters::all(text, characters::digit);
}

} // namespace

bool is_valid_host(std::string_view host) {
  const auto bracket = host.starts_with('[') ? host.find(']') : 0;
  if (bracket == host.npos)
    return false;
  const auto colon = host.find(':', bracket);
  if (colon != host.npos && !is_port(host.substr(colon + 1)))
    return false;
  const auto name = host.substr(0, colon);
  if (bracket == 0)
    return is_name(name);
  return bracket + 1 == name.size() && is_ipv6(name.substr(1, bracket - 1));
}

} // namespace headwater::http
