#include "http/directory_calls.hpp"

#include "http/actor_reply.hpp"
#include "http/application.hpp"

namespace headwater::http {

awaitable<std::optional<creation>> read_creation(exchange& x, actors::token_ptr who) {
  request_check check(x);
  const auto key = check.idempotency_key();
  if (!passes(x, check))
    co_return std::nullopt;
  auto body = co_await json_object(x, x.limits().body_limit);
  if (!body)
    co_return std::nullopt;
  creation made;
  made.by = origin_of(x, who, key, body->text);
  made.body = std::move(body->members);
  made.strict = wants_strict(x.head);
  co_return made;
}

awaitable<std::optional<actors::directory_outcome>>
send_to_directory(exchange& x, actors::directory_request request) {
  auto reply = co_await ask<actors::directory_reply>(x, x.app().service.directory(), intent::write,
                                                     std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return std::nullopt;
  }
  if (reply->replayed)
    x.out.add("Idempotent-Replayed", "true");
  co_return std::move(*reply);
}

} // namespace headwater::http
