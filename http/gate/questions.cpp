#include "http/gate/questions.hpp"

#include "domain/core/try.hpp"
#include "http/application.hpp"
#include "http/server/io_thread.hpp"

#include <algorithm>
#include <chrono>

namespace headwater::http {

error to_error(ask_failure why, intent what) {
  switch (why) {
  case ask_failure::receiver_down:
    return {errc::service_unavailable, "The service is busy; retry"};
  case ask_failure::timed_out:
    if (what == intent::write)
      return {errc::outcome_unknown,
              "The change may or may not have been made; read before retrying"};
    return {errc::service_unavailable, "Timed out; retry"};
  case ask_failure::stopping:
    if (what == intent::write)
      return {errc::outcome_unknown, "The service is stopping; read before retrying"};
    return {errc::service_unavailable, "The service is stopping"};
  }
  return {errc::internal_error, "Internal error"};
}

template <class Request>
awaitable<typename question<Request>::reply> ask(exchange& x, Request message) {
  using asked = question<Request>;
  if constexpr (requires { message.waits_until, message.account_id; }) {
    if (message.account_id.empty())
      message.account_id = x.charged_to;
    const auto gives_up = std::chrono::steady_clock::now() + x.limits().command_timeout;
    message.waits_until = std::min(message.waits_until, gives_up);
  }
  auto receiver = asked::receiver(x.app().service, message);
  const waiting_time until_answered(x);
  auto answer = co_await x.thread().actors->ask<typename asked::reply>(
      std::move(receiver), x.limits().command_timeout, std::move(message));
  if (auto* reply = std::get_if<typename asked::reply>(&answer))
    co_return std::move(*reply);
  co_return to_error(std::get<ask_failure>(answer), asked::what);
}

#define INSTANTIATE(request)                                                                       \
  template awaitable<question<actors::request>::reply> ask(exchange&, actors::request)
INSTANTIATE(find_token);
INSTANTIATE(find_account);
INSTANTIATE(find_brand);
INSTANTIATE(find_connection);
INSTANTIATE(list_accounts);
INSTANTIATE(list_tokens);
INSTANTIATE(describe_token);
INSTANTIATE(list_brand_platforms);
INSTANTIATE(find_platforms);
INSTANTIATE(list_connections);
INSTANTIATE(describe_connection_now);
INSTANTIATE(list_batches);
INSTANTIATE(list_snapshots);
INSTANTIATE(list_checkpoints);
INSTANTIATE(find_checkpoint);
INSTANTIATE(inclusion_request);
INSTANTIATE(consistency_request);
INSTANTIATE(acquire_account);
INSTANTIATE(directory_request);
INSTANTIATE(connection_request);
INSTANTIATE(report_request);
INSTANTIATE(lint_request);
INSTANTIATE(background_work);
INSTANTIATE(recall_rules);
INSTANTIATE(compare_rules);
INSTANTIATE(read_events);
INSTANTIATE(prepare_referrers);
INSTANTIATE(prepare_mappings);
INSTANTIATE(push_request);
INSTANTIATE(refused_push);
#undef INSTANTIATE

std::uint64_t log_position(const exchange& x) {
  return x.app().service.parts().log->events().end().position;
}

awaitable<actors::rule_reply> send_command(exchange& x, actors::loaded_account_ptr loaded,
                                           actors::rule_request request) {
  constexpr int attempts = 3;
  const waiting_time until_answered(x);
  for (int i = 1;; ++i) {
    auto answer = co_await x.thread().actors->ask<actors::rule_reply>(
        loaded->commands, x.limits().command_timeout, request);
    if (auto* reply = std::get_if<actors::rule_reply>(&answer))
      co_return std::move(*reply);
    const auto why = std::get<ask_failure>(answer);
    if (why != ask_failure::receiver_down || i == attempts)
      co_return to_error(why, intent::write);
    actors::acquire_account wanted{loaded->id};
    CO_TRY(loaded, co_await ask(x, std::move(wanted)));
  }
}

awaitable<std::variant<actors::snapshot_attempt, ask_failure>> await_snapshot(exchange& x) {
  actors::make_snapshot message;
  const waiting_time until_made(x);
  co_return co_await x.thread().actors->ask<actors::snapshot_attempt>(
      x.app().service.snapshotter(), x.limits().command_timeout, message);
}

} // namespace headwater::http
