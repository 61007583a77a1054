#include "http/gate/request_body.hpp"

#include "domain/core/text.hpp"
#include "domain/json/json_reader.hpp"
#include "http/gate/gate.hpp"
#include "http/gate/questions.hpp"

namespace headwater::http {

bool is_json(std::string_view media_type) {
  constexpr std::string_view suffix = "+json";
  return media_type.empty() || equals_nocase(media_type, "application/json") ||
         (starts_with_nocase(media_type, "application/") && media_type.size() > suffix.size() &&
          equals_nocase(media_type.substr(media_type.size() - suffix.size()), suffix));
}

result<void> check_depth(std::string_view json, const settings& limits) {
  // The parsers themselves stop at the default, so only a lower limit needs an extra check.
  if (limits.json_depth >= max_json_depth || !nested_deeper_than(json, limits.json_depth))
    return {};
  return error{errc::bad_request,
               "The body is nested deeper than " + std::to_string(limits.json_depth) + " levels"};
}

result<void> check_untagged(const exchange& x) {
  if (!x.is_untagged_change)
    return {};
  return x.condition.check(std::string_view{});
}

awaitable<result<std::string_view>> json_text(exchange& x, std::size_t limit) {
  if (!is_json(x.media_type()))
    co_return error{errc::unsupported_media_type, "Content-Type must be application/json"};
  CO_TRY(const auto text, co_await x.stream().read_all(limit));
  CO_CHECK(still_valid(x));
  CO_CHECK(check_depth(text, x.limits()));
  CO_CHECK(check_untagged(x));
  co_return text;
}

awaitable<result<void>> in_background(exchange& x, std::function<void()> work) {
  actors::background_work wanted;
  wanted.account_id = x.charged_to;
  wanted.run = std::move(work);
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  CO_CHECK(co_await ask(x, std::move(wanted)));
  co_return still_valid(x);
}

awaitable<result<json_body>> json_object(exchange& x, std::size_t limit) {
  CO_TRY(auto read, co_await parsed_json(x, limit, parse_draft));
  CO_CHECK(x.reserve_members(memory_of(read.made)));
  co_return json_body{read.text, std::move(read.made), std::move(read.kept)};
}

awaitable<result<std::string>> taken_body(exchange& x, std::size_t limit) {
  CO_TRY(auto body, co_await x.stream().take_all(limit));
  CO_CHECK(still_valid(x));
  CO_CHECK(check_untagged(x));
  co_return std::move(body);
}

idempotency_input read_idempotency_key(const exchange&, request_check& check) {
  return {check.idempotency_key()};
}

} // namespace headwater::http
