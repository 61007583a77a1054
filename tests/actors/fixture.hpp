#pragma once

// A service over a log in memory (or any other), and blocking calls on its actors.

#include "actors/service.hpp"
#include "tests/store/memory_log.hpp"

#include <caf/scoped_actor.hpp>

#include <memory>
#include <string>

namespace headwater::actors::testing {

/// {"name": value, ...} as a draft.
inline draft body_of(std::vector<draft::member> members) {
  return {std::move(members), {}};
}

inline draft passthrough_body(const std::string& domain) {
  return body_of({{"domain", domain}, {"utm_source", std::string{"source"}}});
}

inline draft mapping_body(const std::string& pattern) {
  return body_of({{"referrer_pattern", pattern}, {"utm_source", std::string{"source"}}});
}

/// Small and quick to start.
inline service_settings small() {
  service_settings out;
  out.readers = 1;
  out.ingest_workers = 2;
  out.scheduler_threads = 2;
  return out;
}

class fixture {
public:
  explicit fixture(service_settings settings = small())
      : fixture(std::make_shared<store::memory_log>(), settings) {}
  fixture(std::shared_ptr<store::log_engine> over, const service_settings& settings)
      : log(std::move(over)), running(std::make_unique<service>(log, settings)) {}

  /// Sends a message and waits for its reply; throws where the actor gives none.
  template <class Reply, class Handle, class Message>
  Reply ask(const Handle& to, Message message) {
    caf::scoped_actor self{running->system()};
    std::optional<Reply> out;
    self->request(to, std::chrono::seconds{60}, std::move(message))
        .receive([&](Reply& reply) { out.emplace(std::move(reply)); },
                 [&](const caf::error& why) {
                   throw std::runtime_error(running->system().render(why));
                 });
    return std::move(*out);
  }

  loaded_account_ptr account(const std::string& id) {
    return ask<loaded_account_reply>(running->registry(), acquire_account{id}).value();
  }

  rule_reply command(const std::string& account_id, attribution::rule_command command,
                     std::optional<store::idempotency> key = {}) {
    rule_request request;
    request.by = {{"1", "request"}, std::move(key)};
    request.command = std::move(command);
    return ask<rule_reply>(account(account_id)->commands, std::move(request));
  }

  std::shared_ptr<store::log_engine> log;
  std::unique_ptr<service> running;
};

/// The brand of the tests that need one.
inline constexpr std::int64_t brand = 7;

inline directory_reply change(fixture& f, directory_command command) {
  directory_request request;
  request.by = {{"1", "request"}, {}};
  request.command = std::move(command);
  return f.ask<directory_reply>(f.running->directory(), std::move(request));
}

} // namespace headwater::actors::testing
