#include "domain/accounts/web_origin.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace headwater::accounts {

namespace {

constexpr std::size_t longest_origin_scheme = 40;
constexpr std::size_t longest_origin_host = 253;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

bool is_origin_scheme(std::string_view text) {
  return !text.empty() && text.size() <= longest_origin_scheme && is_lower(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return is_lower(c) || is_decimal(c) || c == '+' || c == '-' || c == '.';
         });
}

/// Labels with dots between, or an IPv6 address in brackets.
bool is_origin_host(std::string_view text) {
  if (text.empty() || text.size() > longest_origin_host)
    return false;
  if (text.front() == '[')
    return text.size() > 3 && text.back() == ']' &&
           std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
             return is_decimal(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
           });
  return text.front() != '.' && text.find("..") == text.npos &&
         std::ranges::all_of(text, [](char c) {
           return is_lower(c) || is_decimal(c) || c == '-' || c == '_' || c == '.';
         });
}

/// 1 to 65535, without leading zeros.
bool is_origin_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  return fault == std::errc{} && end == text.data() + text.size() && text.front() != '0';
}

} // namespace

std::optional<std::string> normal_origin(std::string_view text) {
  const auto lower = ascii_lower(text);
  const std::string_view all = lower;
  const auto mark = all.find("://");
  if (mark == all.npos || !is_origin_scheme(all.substr(0, mark)))
    return std::nullopt;
  const auto scheme = all.substr(0, mark);
  auto host = all.substr(mark + 3);
  std::optional<std::string_view> port;
  // The colons of an IPv6 address are in its brackets.
  const auto colon = host.rfind(':');
  if (colon != host.npos && host.find(']', colon) == host.npos) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (!is_origin_host(host) || (port && !is_origin_port(*port)))
    return std::nullopt;
  auto out = std::string(scheme) + "://" + std::string(host);
  const bool is_usual = (scheme == "http" && port == "80") || (scheme == "https" && port == "443");
  if (port && !is_usual)
    out.append(":").append(*port);
  return out;
}

} // namespace headwater::accounts
