#include "domain/attribution/etag.hpp"

#include "domain/core/text.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

error malformed() {
  return {errc::bad_request, "If-Match should be * or a list of entity tags in double quotes"};
}

/// RFC 9110, 8.8.3: visible characters but the quote, and bytes above 0x7F.
bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

} // namespace

std::string etag_of(std::uint64_t revision) {
  return '"' + std::to_string(revision) + '"';
}

bool if_match::allows(std::uint64_t revision) const {
  return any || std::ranges::find(tags, std::to_string(revision)) != tags.end();
}

result<if_match> parse_if_match(std::string_view header) {
  header = trimmed(header);
  if (header == "*")
    return if_match{.any = true, .tags = {}};
  if_match parsed;
  bool found = false;
  while (!header.empty()) {
    const bool weak = header.starts_with("W/");
    if (weak)
      header.remove_prefix(2);
    // Empty elements of a list are allowed (RFC 9110, 5.6.1.2).
    if (!weak && header.starts_with(',')) {
      header = trimmed(header.substr(1));
      continue;
    }
    const auto end = header.find('"', 1);
    if (!header.starts_with('"') || end == header.npos ||
        !std::ranges::all_of(header.substr(1, end - 1), is_tag_character))
      return malformed();
    found = true;
    if (!weak)
      parsed.tags.emplace_back(header.substr(1, end - 1));
    header = trimmed(header.substr(end + 1));
    if (!header.empty() && !header.starts_with(','))
      return malformed();
  }
  if (!found)
    return malformed();
  return parsed;
}

} // namespace headwater::attribution
