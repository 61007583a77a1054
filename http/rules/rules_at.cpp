#include "http/rules/rules_at.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/transfer/rule_diff.hpp"
#include "http/gate/questions.hpp"

namespace headwater::http {

std::string point_as_json(const attribution::rules_point& at) {
  json_writer out;
  attribution::write_point(out, at);
  return std::move(out).str();
}

awaitable<result<actors::recalled_rules>> recall(exchange& x, actors::recall_rules wanted) {
  wanted.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  co_return co_await ask(x, std::move(wanted));
}

awaitable<result<asked_rules>> rules_asked_for(exchange& x, actors::loaded_account_ptr loaded,
                                               std::optional<actors::asked_point> as_of,
                                               for_use what) {
  const bool compile = what != for_use::showing;
  asked_rules out;
  if (!as_of) {
    x.called_off = loaded->pin();
    out.rules = loaded->rules();
    if (compile)
      out.compiled = loaded->rule_set();
    co_return std::move(out);
  }
  actors::recall_rules wanted;
  wanted.account_id = loaded->id;
  wanted.at = std::move(*as_of);
  wanted.compile = compile;
  wanted.platforms = what == for_use::resolving;
  CO_TRY(const auto found, co_await recall(x, std::move(wanted)));
  // Nobody else holds these rules and platforms, and the client may take its time with the answer.
  constexpr std::size_t bytes_of_rule = 400; // about; texts are mostly short
  constexpr std::size_t bytes_of_entry = 500;
  CO_CHECK(
      x.reserve_answer(found.rules->total() * bytes_of_rule + found.own_entries * bytes_of_entry));
  out.rules = found.rules;
  out.compiled = found.compiled;
  out.platforms = found.platforms;
  out.as_of = point_as_json(found.point);
  co_return std::move(out);
}

} // namespace headwater::http
