#include "http/server/conditional.hpp"

#include "domain/core/try.hpp"

namespace headwater::http {

namespace {

/// `name` as in messages; the header is looked up in lower case.
result<std::optional<entity_tags>> read_tags(const request_head& head, std::string_view lower,
                                             std::string_view name) {
  const auto lines = joined(head, lower);
  if (!lines)
    return std::optional<entity_tags>{};
  TRY(auto tags, read_entity_tags(*lines, name));
  return std::optional{std::move(tags)};
}

} // namespace

result<preconditions> read_preconditions(const request_head& head) {
  preconditions out;
  TRY(out.match, read_tags(head, "if-match", "If-Match"));
  TRY(out.none_match, read_tags(head, "if-none-match", "If-None-Match"));
  return out;
}

bool is_read(method verb) noexcept {
  return verb == method::get || verb == method::head;
}

verdict judge(const preconditions& given, std::string_view tag) {
  if (given.match && !given.match->any && !given.match->has_strong(tag))
    return verdict::failed;
  // A client that has the other coding must still get this one, whose bytes differ.
  if (given.none_match && (given.none_match->any || given.none_match->has_exactly(tag)))
    return verdict::not_modified;
  return verdict::send;
}

} // namespace headwater::http
