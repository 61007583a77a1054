#include "http/rules_at.hpp"

#include "domain/attribution/rule_diff.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"

namespace headwater::http {

std::string point_as_json(const attribution::rules_point& at) {
  canonical_writer out;
  attribution::write_point(out, at);
  return std::move(out).str();
}

awaitable<std::optional<actors::recalled_rules>> recall(exchange& x, actors::recall_rules wanted) {
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  auto found = co_await ask<actors::recall_reply>(x, x.app().service.historian(), intent::read,
                                                  std::move(wanted));
  if (!found.has_error())
    co_return std::move(*found);
  x.fail(found.error());
  co_return std::nullopt;
}

awaitable<std::optional<asked_rules>> rules_at(exchange& x, actors::slot_ptr slot,
                                               actors::asked_point as_of, bool compile) {
  actors::recall_rules wanted;
  wanted.account_id = slot->id;
  wanted.at = std::move(as_of);
  wanted.compile = compile;
  const auto found = co_await recall(x, std::move(wanted));
  if (!found)
    co_return std::nullopt;
  asked_rules out;
  out.rules = found->rules;
  out.compiled = found->compiled;
  out.as_of = point_as_json(found->point);
  co_return out;
}

awaitable<std::optional<asked_rules>> rules_asked_for(exchange& x, actors::slot_ptr slot,
                                                      std::optional<actors::asked_point> as_of,
                                                      bool compile) {
  if (as_of)
    co_return co_await rules_at(x, std::move(slot), std::move(*as_of), compile);
  asked_rules out;
  out.rules = slot->rules();
  if (compile)
    out.compiled = slot->rule_set();
  co_return out;
}

} // namespace headwater::http
