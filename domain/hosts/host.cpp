#include "domain/hosts/host.hpp"

#include "domain/core/text.hpp"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <memory>

namespace headwater::attribution {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text[0]) && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

/// A URL's scheme (empty: none) and the part after "://".
struct split_url {
  std::string_view scheme;
  std::string_view rest;

  [[nodiscard]] bool is(std::string_view wanted) const {
    return scheme.size() == wanted.size() && starts_with_nocase(scheme, wanted);
  }
};

split_url split(std::string_view url) {
  const auto at = url.find("://");
  if (at != url.npos && is_scheme(url.substr(0, at)))
    return {url.substr(0, at), url.substr(at + 3)};
  if (url.starts_with("//"))
    return {"", url.substr(2)};
  return {"", url};
}

/// Schemes without a host, whatever follows the colon.
bool is_opaque(std::string_view url) {
  constexpr std::array<std::string_view, 11> schemes{
      "about",      "blob",   "data",        "file", "filesystem", "intent",
      "javascript", "mailto", "view-source", "sms",  "tel"};
  const auto colon = url.substr(0, std::string_view("view-source:").size()).find(':');
  return colon != url.npos && std::ranges::any_of(schemes, [&](std::string_view scheme) {
           return scheme.size() == colon && starts_with_nocase(url, scheme);
         });
}

/// Letters, digits, hyphens and underscores in labels of 1 to 63, 253 octets at most.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253)
    return false;
  std::size_t label = 0;
  for (char c : name) {
    if (c == '.' ? label == 0 : !(is_letter(c) || is_digit(c) || c == '-' || c == '_'))
      return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63)
      return false;
  }
  return label > 0;
}

std::optional<host> ipv6_of(std::string_view authority) {
  const auto end = authority.find(']');
  if (end == authority.npos)
    return std::nullopt;
  const auto port = authority.substr(end + 1);
  in6_addr address;
  const std::string text(authority.substr(1, end - 1));
  if ((!port.empty() && port != ":" && !(port[0] == ':' && is_number(port.substr(1)))) ||
      inet_pton(AF_INET6, text.c_str(), &address) != 1)
    return std::nullopt;
  char canonical[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, &address, canonical, sizeof canonical);
  return host{"[" + std::string(canonical) + "]", host_kind::ip_address};
}

/// How plain_host() maps each byte: to itself in lower case, to '/' if it ends an authority, and to
/// 0 if it needs the slow path.
constexpr auto plain_bytes = [] {
  std::array<char, 256> table{};
  const auto map = [&table](int from, char to) { table[static_cast<unsigned char>(from)] = to; };
  for (char c = '0'; c <= '9'; ++c)
    map(c, c);
  for (char c = 'a'; c <= 'z'; ++c) {
    map(c, c);
    map(c - 'a' + 'A', c);
  }
  for (char c : {'-', '_', '.'})
    map(c, c);
  for (char c : {'/', '?', '#', '\\'})
    map(c, '/');
  return table;
}();

/// A fast path for what almost every authority is: just an ASCII domain name. Nothing if it needs
/// the slow path, which gives the same result whenever this one gives any.
std::optional<host> plain_host(std::string_view rest) {
  std::array<char, 253> name;
  std::size_t size = 0, label = 0;
  bool is_numeric = true; // so far the last label
  for (char sent : rest) {
    const char c = plain_bytes[static_cast<unsigned char>(sent)];
    if (c == '/')
      break;
    if (c == 0 || size == name.size() || (c == '.' ? label == 0 : label == 63))
      return std::nullopt;
    label = c == '.' ? 0 : label + 1;
    is_numeric = c == '.' || (is_numeric && is_digit(c));
    name[size++] = c;
  }
  if (label == 0 || is_numeric)
    return std::nullopt;
  return host{std::string(name.data(), size), host_kind::domain};
}

std::optional<host> host_of_authority(std::string_view rest) {
  if (auto plain = plain_host(rest))
    return plain;
  auto authority = rest.substr(0, rest.find_first_of("/?#\\"));
  if (const auto at = authority.rfind('@'); at != authority.npos)
    authority.remove_prefix(at + 1);
  if (authority.starts_with('['))
    return ipv6_of(authority);
  if (const auto colon = authority.find(':'); colon != authority.npos) {
    const auto port = authority.substr(colon + 1);
    if (!port.empty() && !is_number(port))
      return std::nullopt;
    authority = authority.substr(0, colon);
  }
  auto name = to_ascii_domain(percent_decoded(authority, false));
  if (!name)
    return std::nullopt;
  if (name->ends_with('.'))
    name->pop_back();
  if (!is_host_name(*name))
    return std::nullopt;
  in_addr address;
  if (inet_pton(AF_INET, name->c_str(), &address) == 1)
    return host{std::move(*name), host_kind::ip_address};
  // A name whose last label is all digits can only be an IP address, and this one is not.
  const auto dot = name->rfind('.');
  if (is_number(std::string_view(*name).substr(dot == name->npos ? 0 : dot + 1)))
    return std::nullopt;
  return host{std::move(*name), host_kind::domain};
}

std::optional<host> host_of_app(std::string_view rest) {
  const auto package = ascii_lower(rest.substr(0, rest.find_first_of("/?#")));
  if (!is_host_name(package))
    return std::nullopt;
  return host{package, host_kind::android_app};
}

/// Whether a name ends in a suffix that the list names (not just by its default rule).
bool has_listed_suffix(const std::string& name) {
  const auto dot = name.rfind('.');
  return dot != name.npos && psl_is_public_suffix2(psl_builtin(), name.c_str() + dot + 1,
                                                   PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1;
}

/// At most the last two labels; every registrable domain has at least two.
std::string_view last_labels(std::string_view name) {
  const auto last = name.rfind('.');
  const auto before = last == name.npos || last == 0 ? name.npos : name.rfind('.', last - 1);
  return before == name.npos ? name : name.substr(before + 1);
}

} // namespace

std::optional<std::string> to_ascii_domain(std::string_view name) {
  if (is_ascii(name))
    return ascii_lower(name);
  const std::string input(name);
  if (input.find('\0') != input.npos)
    return std::nullopt;
  std::uint8_t* output = nullptr;
  const int status = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(input.c_str()), &output,
                                    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<void, void (*)(void*)> owner(output, idn2_free);
  if (status != IDN2_OK)
    return std::nullopt;
  return ascii_lower(reinterpret_cast<const char*>(output));
}

std::optional<host> host_of_referrer(std::string_view referrer) {
  referrer = trimmed(referrer);
  const bool is_null = referrer.size() == 4 && starts_with_nocase(referrer, "null");
  if (referrer.empty() || is_null || is_opaque(referrer))
    return std::nullopt;
  const auto parts = split(referrer);
  return parts.is("android-app") ? host_of_app(parts.rest) : host_of_authority(parts.rest);
}

std::optional<host> host_of_url(std::string_view url) {
  url = trimmed(url);
  const auto parts = split(url);
  if ((!parts.scheme.empty() && !parts.is("http") && !parts.is("https")) || is_opaque(url))
    return std::nullopt;
  auto found = host_of_authority(parts.rest);
  const bool is_absolute = !parts.scheme.empty() || url.starts_with("//");
  if (is_absolute || !found || found->kind == host_kind::ip_address)
    return found;
  // "page.html" looks like a host, too, so a bare name must be known to be one.
  return found->name == "localhost" || has_listed_suffix(found->name) ? found : std::nullopt;
}

bool same_site(const host& left, const host& right) {
  if (left.kind == host_kind::android_app || right.kind == host_kind::android_app)
    return false;
  if (left.name == right.name)
    return true;
  if (left.kind != host_kind::domain || right.kind != host_kind::domain)
    return false;
  // Saves most visits from elsewhere the public suffix list, which takes as long as everything
  // else.
  if (last_labels(left.name) != last_labels(right.name))
    return false;
  const char* ours = psl_registrable_domain(psl_builtin(), left.name.c_str());
  if (!ours || !right.name.ends_with(ours))
    return false;
  const char* theirs = psl_registrable_domain(psl_builtin(), right.name.c_str());
  return theirs && std::string_view(ours) == theirs;
}

std::optional<std::string> registrable_domain(const host& of) {
  const char* found = of.kind == host_kind::domain
                          ? psl_registrable_domain(psl_builtin(), of.name.c_str())
                          : nullptr;
  return found ? std::optional<std::string>(found) : std::nullopt;
}

no_host why_no_host(std::string_view referrer) {
  referrer = trimmed(referrer);
  if (referrer.empty())
    return no_host::blank;
  if (ascii_lower(referrer) == "null")
    return no_host::null_text;
  if (starts_with_nocase(referrer, "about:"))
    return no_host::about_page;
  return is_opaque(referrer) ? no_host::no_site : no_host::unreadable;
}

std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

} // namespace headwater::attribution
