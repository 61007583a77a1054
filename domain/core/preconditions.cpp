#include "domain/core/preconditions.hpp"

#include "domain/core/digest.hpp"
#include "domain/core/text.hpp"

#include <algorithm>

namespace headwater {
namespace {

constexpr std::string_view gzip_suffix = "-gz";
constexpr std::string_view brotli_suffix = "-br";

/// RFC 9110, 8.8.3: visible characters except the quote, and bytes above 0x7F.
bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

std::string_view without_quotes(std::string_view tag) {
  return tag.size() < 2 ? std::string_view{} : tag.substr(1, tag.size() - 2);
}

std::string_view without_coding(std::string_view opaque) {
  for (const auto suffix : {gzip_suffix, brotli_suffix})
    if (opaque.ends_with(suffix))
      return opaque.substr(0, opaque.size() - suffix.size());
  return opaque;
}

std::string with_coding(std::string_view tag, std::string_view suffix) {
  if (tag.empty())
    return {};
  return '"' + std::string(without_quotes(tag)).append(suffix) + '"';
}

bool has_state(const std::vector<std::string>& list, std::string_view tag) {
  const auto wanted = without_coding(without_quotes(tag));
  return !tag.empty() && std::ranges::any_of(list, [&](const auto& each) {
    return without_coding(each) == wanted;
  });
}

error failed(std::string_view what, std::optional<std::string_view> tag) {
  std::string message(what);
  if (tag && !tag->empty())
    message.append(": its ETag is now ").append(*tag);
  return {errc::precondition_failed, std::move(message)};
}

} // namespace

std::string etag_of_text(std::string_view text) {
  constexpr std::size_t digits = 16;
  return '"' + to_hex(sha256({text})).substr(0, digits) + '"';
}

std::string gzip_etag(std::string_view tag) {
  return with_coding(tag, gzip_suffix);
}

std::string brotli_etag(std::string_view tag) {
  return with_coding(tag, brotli_suffix);
}

bool entity_tags::has_strong(std::string_view tag) const {
  return has_state(strong, tag);
}

bool entity_tags::has_weak(std::string_view tag) const {
  return has_state(strong, tag) || has_state(weak, tag);
}

bool entity_tags::has_exactly(std::string_view tag) const {
  const auto wanted = without_quotes(tag);
  return !tag.empty() && (std::ranges::find(strong, wanted) != strong.end() ||
                          std::ranges::find(weak, wanted) != weak.end());
}

result<entity_tags> read_entity_tags(std::string_view value, std::string_view header) {
  error malformed{errc::bad_request,
                  std::string(header) + " should be * or a list of entity tags in double quotes"};
  value = trimmed(value);
  entity_tags out;
  if (value == "*") {
    out.any = true;
    return out;
  }
  bool found = false;
  while (!value.empty()) {
    const bool weak = value.starts_with("W/");
    if (weak)
      value.remove_prefix(2);
    // Empty elements of a list are allowed (RFC 9110, 5.6.1.2).
    if (!weak && value.starts_with(',')) {
      value = trimmed(value.substr(1));
      continue;
    }
    const auto end = value.find('"', 1);
    if (!value.starts_with('"') || end == value.npos ||
        !std::ranges::all_of(value.substr(1, end - 1), is_tag_character))
      return malformed;
    found = true;
    (weak ? out.weak : out.strong).emplace_back(value.substr(1, end - 1));
    value = trimmed(value.substr(end + 1));
    if (!value.empty() && !value.starts_with(','))
      return malformed;
  }
  if (!found)
    return malformed;
  return out;
}

result<void> preconditions::check(std::optional<std::string_view> tag) const {
  if (match && (match->any ? !tag : !tag || !match->has_strong(*tag)))
    return failed(tag ? "The resource is not as If-Match says" : "The resource is not there", tag);
  if (none_match && (none_match->any ? tag.has_value() : tag && none_match->has_weak(*tag)))
    return failed("The resource is as If-None-Match says it is not", tag);
  return {};
}

} // namespace headwater
