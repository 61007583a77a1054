#include "domain/hosts/domain_name.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return c == '-' || is_alphanumeric(c); });
}

} // namespace

std::string_view without_scheme(std::string_view text) {
  const auto end = text.find("://");
  if (end == text.npos || end == 0)
    return text;
  const bool is_scheme = std::ranges::all_of(text.substr(0, end), [](char c) {
    return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
  });
  return is_scheme ? text.substr(end + 3) : text;
}

bool is_domain_name(std::string_view ascii) {
  if (ascii.size() > 253)
    return false;
  int labels = 0;
  std::string_view last;
  for (auto rest = ascii;;) {
    const auto dot = rest.find('.');
    last = rest.substr(0, dot);
    if (!is_label(last))
      return false;
    ++labels;
    if (dot == rest.npos)
      break;
    rest.remove_prefix(dot + 1);
  }
  return labels >= 2 && last.find_first_not_of("0123456789") != last.npos;
}

} // namespace headwater::attribution
