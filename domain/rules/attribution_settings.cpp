#include "domain/rules/attribution_settings.hpp"

namespace headwater::attribution {
namespace {

bool is_scheme_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '-' || c == '.';
}

bool is_slash(char c) {
  return c == '/' || c == '\\';
}

/// The path of a page's URL up to query and fragment. Scheme and slashes before the host may be
/// missing, and there may be more slashes than two, as browsers allow.
std::string_view path_of(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  std::size_t at = 0;
  while (at < url.size() && is_scheme_character(url[at]))
    ++at;
  // "host:8080/path" has a colon, too, but no slash behind it.
  if (at + 1 < url.size() && url[at] == ':' && is_slash(url[at + 1]))
    url.remove_prefix(at + 1);
  while (!url.empty() && is_slash(url.front()))
    url.remove_prefix(1);
  const auto path = url.find_first_of("/\\");
  return path == url.npos ? std::string_view() : url.substr(path);
}

char upper_digit(char c) {
  return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Whether a path, as a client sent it, begins with `prefix` and a segment ends there.
bool is_below(std::string_view path, std::string_view prefix) {
  if (path.size() < prefix.size())
    return false;
  int escaped = 0; // digits of an escape that are left
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    auto c = path[i] == '\\' ? '/' : path[i];
    if (escaped > 0) {
      c = upper_digit(c);
      --escaped;
    }
    if (c != prefix[i])
      return false;
    if (c == '%')
      escaped = 2;
  }
  return prefix.ends_with('/') || path.size() == prefix.size() || is_slash(path[prefix.size()]);
}

} // namespace

const std::shared_ptr<const attribution_settings>& default_settings() {
  static const auto defaults = std::make_shared<const attribution_settings>();
  return defaults;
}

bool is_own(const attribution_settings& settings, std::string_view host) {
  for (const auto& domain : settings.own_domains)
    if (host.ends_with(domain) &&
        (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.'))
      return true;
  return false;
}

const std::string* return_path_of(const attribution_settings& settings, std::string_view url) {
  if (settings.return_paths.empty())
    return nullptr;
  const auto path = path_of(url);
  const std::string* longest = nullptr;
  for (const auto& prefix : settings.return_paths)
    if ((!longest || prefix.size() > longest->size()) &&
        is_below(path.empty() ? "/" : path, prefix))
      longest = &prefix;
  return longest;
}

} // namespace headwater::attribution
