#include "domain/referrals/platforms/normaliser.hpp"

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/hosts/host.hpp"

#include <algorithm>
#include <array>

namespace headwater::referrals {
namespace {

constexpr std::string_view separator = " / ";

/// The source of "source / medium", or the text itself.
std::string_view source_of(std::string_view text) {
  return trim(text.substr(0, text.find(separator)));
}

int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  auto folded = static_cast<char>(c | 0x20);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/// Space for a value of 512 code points, the most that the API accepts.
using decode_buffer = std::array<char, 2048>;

/// Decodes the text once into `buffer`; a `%` without two digits stays as it is. Nothing if the
/// text does not fit.
std::optional<std::string_view> percent_decode(std::string_view text, decode_buffer& buffer) {
  if (text.size() > buffer.size())
    return std::nullopt;
  std::size_t out = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool escape = text[i] == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 &&
                  nibble(text[i + 2]) >= 0;
    buffer[out++] =
        escape ? static_cast<char>(nibble(text[i + 1]) * 16 + nibble(text[i + 2])) : text[i];
    i += escape ? 2 : 0;
  }
  return std::string_view{buffer.data(), out};
}

/// A referrer split at its delimiters, not decoded.
struct referrer_parts {
  std::string_view scheme; ///< empty where there is none
  std::string_view authority;
  std::string_view path; ///< with query and fragment
};

referrer_parts cut(std::string_view text) {
  referrer_parts parts;
  if (auto length = scheme_length(text); length != 0) {
    parts.scheme = text.substr(0, length);
    text.remove_prefix(length + 3);
  } else if (text.starts_with("//")) {
    text.remove_prefix(2);
  }
  auto end = std::min(text.find_first_of("/?#"), text.size());
  parts.authority = text.substr(0, end);
  parts.path = text.substr(end);
  return parts;
}

/// Removes userinfo and port; nothing if the port is invalid. Some readers end the authority at a
/// backslash and others do not, so a value with one has no host.
std::optional<std::string_view> host_of(std::string_view authority) {
  if (authority.find('\\') != std::string_view::npos)
    return std::nullopt;
  if (auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  auto colon = std::min(authority.find(':'), authority.size());
  auto port = authority.substr(std::min(colon + 1, authority.size()));
  if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  return authority.substr(0, colon);
}

/// Non-empty labels of letters, digits, hyphens and underscores.
bool is_host(std::string_view host) {
  char previous = '.';
  for (auto c : host) {
    if (!is_alnum(c) && c != '-' && c != '_' && (c != '.' || previous == '.'))
      return false;
    previous = c;
  }
  return previous != '.';
}

bool same_scheme(std::string_view scheme, std::string_view expected) {
  return scheme.size() == expected.size() &&
         std::equal(scheme.begin(), scheme.end(), expected.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

referrer_match found(const platform_entry* entry, referrer_reason reason) {
  return entry ? referrer_match{entry->platform, reason, entry->value} : referrer_match{};
}

/// A value without a scheme may also be "perplexity/referral" or a bare Android package.
referrer_match match_unschemed(const platform_list& list, std::string_view host,
                               const referrer_parts& parts) {
  if (host.size() != parts.authority.size())
    return {};
  if (host.find('.') == std::string_view::npos && parts.path.starts_with('/'))
    return found(list.find_token(host), referrer_reason::token_listed);
  return found(list.find_package(host), referrer_reason::package_listed);
}

referrer_match match_host(const platform_list& list, const referrer_parts& parts) {
  constexpr referrer_match unreadable{std::nullopt, referrer_reason::unreadable};
  auto host = host_of(parts.authority);
  if (!host)
    return unreadable;
  decode_buffer buffer;
  if (host->find('%') != std::string_view::npos)
    host = percent_decode(*host, buffer);
  if (!host)
    return unreadable;
  if (host->ends_with('.'))
    host->remove_suffix(1);
  std::optional<std::string> ascii;
  if (list.has_idna() && !is_ascii(*host))
    ascii = attribution::to_ascii_domain(*host);
  if (ascii)
    host = *ascii;
  if (!is_host(*host))
    return unreadable;
  if (const auto* entry = list.find_host(*host, parts.path))
    return found(entry, referrer_reason::host_listed);
  return parts.scheme.empty() ? match_unschemed(list, *host, parts) : referrer_match{};
}

/// Values that need no splitting: blank, "(direct)" and bare tokens.
std::optional<referrer_match> match_whole(const platform_list& list, std::string_view text) {
  if (text.empty())
    return referrer_match{std::nullopt, referrer_reason::blank};
  if (text.front() == '(' && text.back() == ')')
    return referrer_match{std::nullopt, referrer_reason::direct};
  if (const auto* entry = list.find_token(text))
    return found(entry, referrer_reason::token_listed);
  return std::nullopt;
}

} // namespace

std::string_view to_string(referrer_reason reason) noexcept {
  switch (reason) {
  case referrer_reason::host_listed:
    return "host is on the list";
  case referrer_reason::package_listed:
    return "package is on the list";
  case referrer_reason::token_listed:
    return "name is on the list";
  case referrer_reason::blank:
    return "blank";
  case referrer_reason::direct:
    return "no referrer";
  case referrer_reason::unreadable:
    return "neither a host nor a name";
  case referrer_reason::not_listed:
    return "not on the AI platform allow-list";
  }
  return "";
}

referrer_match match_referrer(const platform_list& list, std::string_view raw) {
  auto source = source_of(trim(raw));
  decode_buffer buffer;
  if (source.find('%') != std::string_view::npos && source.find('/') == std::string_view::npos) {
    auto decoded = percent_decode(source, buffer);
    if (!decoded)
      return {std::nullopt, referrer_reason::unreadable};
    source = source_of(trim(*decoded));
  }
  if (auto whole = match_whole(list, source))
    return *whole;
  auto parts = cut(source);
  if (same_scheme(parts.scheme, "android-app"))
    return found(list.find_package(parts.authority), referrer_reason::package_listed);
  return match_host(list, parts);
}

referrer_match match_utm_source(const platform_list& list, std::string_view source) {
  auto text = trim(source);
  // Most sources are words, and few of them are listed.
  const bool is_word = !text.empty() && text.front() != '(' && text.find('.') == text.npos;
  if (is_word) {
    if (const auto* entry = list.find_word(text))
      return found(entry, entry->kind == entry_kind::token ? referrer_reason::token_listed
                                                           : referrer_reason::host_listed);
    return {std::nullopt,
            is_host(text) ? referrer_reason::not_listed : referrer_reason::unreadable};
  }
  if (auto whole = match_whole(list, text))
    return *whole;
  if (text.ends_with('.'))
    text.remove_suffix(1);
  if (!is_host(text))
    return {std::nullopt, referrer_reason::unreadable};
  return found(list.find_host(text, {}), referrer_reason::host_listed);
}

} // namespace headwater::referrals
