#include "domain/hosts/host.hpp"

#include "domain/core/text.hpp"
#include "domain/hosts/public_suffixes.hpp"

#include <idn2.h>

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

/// A name of 253 octets in ASCII, written in UTF-8, is shorter.
constexpr std::size_t most_of_a_name = 4 * std::size_t{253};

/// Longer ones are no scheme and no name of an app, so nothing more of the text is looked at.
constexpr std::size_t longest_scheme = 8 * std::size_t{1024};

bool is_slash(char c) {
  return c == '/' || c == '\\';
}

/// What a URL begins with.
enum class start : std::uint8_t {
  bare = 1, ///< neither a scheme nor slashes
  web,      ///< http: or https:
  relative, ///< "//"
  android_app,
  ios_app,
  other, ///< another scheme and "://"
};

/// How a URL begins, and the part from its authority on.
struct split_url {
  start kind = start::bare;
  std::string_view rest;
};

std::string_view without_slashes(std::string_view text) {
  while (!text.empty() && is_slash(text.front()))
    text.remove_prefix(1);
  return text;
}

/// As the URL standard of browsers: after http: and https: come as many slashes and backslashes as
/// one likes, and two of them before anything else are "//".
split_url split(std::string_view url) {
  constexpr std::string_view http = "http:", https = "https:";
  if (starts_with_nocase(url, https))
    return {start::web, without_slashes(url.substr(https.size()))};
  if (starts_with_nocase(url, http))
    return {start::web, without_slashes(url.substr(http.size()))};
  if (url.size() > 1 && is_slash(url[0]) && is_slash(url[1]))
    return {start::relative, without_slashes(url)};
  const auto end = url.substr(0, longest_scheme).find_first_of(":/?#\\");
  if (end == url.npos || !url.substr(end).starts_with("://") || !is_scheme(url.substr(0, end)))
    return {start::bare, url};
  const auto scheme = url.substr(0, end);
  const auto rest = url.substr(end + 3);
  if (equals_nocase(scheme, "android-app"))
    return {start::android_app, rest};
  return {equals_nocase(scheme, "ios-app") ? start::ios_app : start::other, rest};
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
  if (authority.size() > 3 * most_of_a_name)
    return std::nullopt;
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

std::optional<host> host_of_app(std::string_view rest, host_kind kind) {
  const auto package = rest.substr(0, rest.substr(0, longest_scheme).find_first_of("/?#"));
  if (!is_host_name(package))
    return std::nullopt;
  return host{ascii_lower(package), kind};
}

/// Whether a host stands for itself where nothing says that it is one.
bool is_evident(const host& of) {
  return of.kind == host_kind::ip_address || of.name == "localhost" ||
         of.name.find('.') != of.name.npos;
}

/// Whether a name ends in a suffix that the list names (not just by its default rule).
bool has_listed_suffix(std::string_view name, const public_suffixes& suffixes) {
  const auto dot = name.rfind('.');
  return dot != name.npos && suffixes.is_listed_suffix(name.substr(dot + 1));
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
  if (name.size() > most_of_a_name)
    return std::nullopt;
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
  const auto parts = split(referrer);
  switch (parts.kind) {
  case start::web:
  case start::relative:
    return host_of_authority(parts.rest);
  case start::android_app:
    return host_of_app(parts.rest, host_kind::android_app);
  case start::ios_app:
    return host_of_app(parts.rest, host_kind::ios_app);
  case start::other:
    return std::nullopt;
  case start::bare:
    break;
  }
  if (is_opaque(referrer))
    return std::nullopt;
  auto found = host_of_authority(referrer);
  return found && is_evident(*found) ? found : std::nullopt;
}

std::optional<host> host_of_url(std::string_view url, const public_suffixes& suffixes) {
  url = trimmed(url);
  const auto parts = split(url);
  if (parts.kind == start::web || parts.kind == start::relative)
    return host_of_authority(parts.rest);
  if (parts.kind != start::bare || is_opaque(url))
    return std::nullopt;
  auto found = host_of_authority(parts.rest);
  if (!found || found->kind == host_kind::ip_address)
    return found;
  // "page.html" looks like a host, too, so a bare name must be known to be one.
  return found->name == "localhost" || has_listed_suffix(found->name, suffixes) ? found
                                                                                : std::nullopt;
}

bool same_site(const host& left, const host& right, const public_suffixes& suffixes) {
  if (is_app(left.kind) || is_app(right.kind))
    return false;
  if (left.name == right.name)
    return true;
  if (left.kind != host_kind::domain || right.kind != host_kind::domain)
    return false;
  // Saves most visits from elsewhere the public suffix list.
  if (last_labels(left.name) != last_labels(right.name))
    return false;
  const auto ours = suffixes.registrable(left.name);
  return ours && right.name.ends_with(*ours) && suffixes.registrable(right.name) == ours;
}

std::optional<std::string> registrable_domain(const host& of, const public_suffixes& suffixes) {
  if (of.kind != host_kind::domain)
    return std::nullopt;
  const auto found = suffixes.registrable(of.name);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

no_host why_no_host(std::string_view referrer) {
  referrer = trimmed(referrer);
  if (referrer.empty())
    return no_host::blank;
  if (equals_nocase(referrer, "null"))
    return no_host::null_text;
  if (starts_with_nocase(referrer, "about:"))
    return no_host::about_page;
  if (is_opaque(referrer))
    return no_host::no_site;
  const auto kind = split(referrer).kind;
  if (kind == start::other)
    return no_host::other_scheme;
  const bool is_bare_word =
      kind == start::bare &&
      referrer.substr(0, longest_scheme).find_first_of(".:\\@[") == referrer.npos;
  return is_bare_word ? no_host::bare_word : no_host::unreadable;
}

std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

} // namespace headwater::attribution
