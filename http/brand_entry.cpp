#include "http/brand_entry.hpp"

#include "domain/core/ulid.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"

namespace headwater::http {

awaitable<brand_entry> enter_family(exchange& x, request_check& check) {
  brand_entry out;
  auto who = co_await authorise(x);
  if (!who)
    co_return out;
  out.brand_id = check.id(0, "brand_id");
  if (x.head.verb == method::post)
    out.key = check.idempotency_key();
  out.owner = co_await enter_brand(x, who, out.brand_id, check);
  if (!out.owner.empty())
    out.who = std::move(who);
  co_return out;
}

awaitable<actors::connection_ptr> connection_of_path(exchange& x, std::int64_t brand_id) {
  const auto id = parse_ulid(x.param(1));
  if (id) {
    auto& service = x.app().service;
    auto found = service.parts().connections->find(*id);
    if (!found) {
      actors::find_connection wanted{*id};
      auto read = co_await ask<actors::found_connection>(x, service.readers().next(), intent::read,
                                                         std::move(wanted));
      if (read.has_error()) {
        x.fail(read.error());
        co_return nullptr;
      }
      found = *read;
    }
    if (found && found->identity.brand_id == brand_id)
      co_return found;
  }
  x.fail(error{errc::not_found, "Connection not found"});
  co_return nullptr;
}

} // namespace headwater::http
