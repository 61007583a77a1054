#include "http/server/server.hpp"

#include "domain/core/time.hpp"
#include "domain/core/try.hpp"
#include "http/server/io_thread.hpp"
#include "http/server/listener.hpp"
#include "http/server/session.hpp"
#include "http/tls/tls_context.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <thread>

namespace headwater::http {

namespace {

std::shared_ptr<tls_source> source_of(const settings& limits) {
  tls_files named{limits.tls_certificate, limits.tls_key};
  return named.is_given() ? std::make_shared<tls_source>(std::move(named)) : nullptr;
}

/// An expired certificate is no reason not to serve: clients behind a proxy may not look at it.
void say_validity(const tls_context& of) {
  const auto until = to_rfc3339_seconds(std::chrono::microseconds{of.expires_at()}.count());
  if (const auto fault = of.date_fault(); !fault.empty())
    spdlog::warn("event=tls_certificate_not_valid expires_at={} reason=\"{}\"", until, fault);
  else
    spdlog::info("event=tls_certificate_read expires_at={}", until);
}

} // namespace

struct server::state {
  state(std::vector<endpoint> table, settings given, application* app, caf::actor_system* system)
      : limits(std::move(given)), memory(limits), routes(std::move(table)),
        counters(std::make_shared<metrics>(routes, limits.io_threads, limits.connections_limit)),
        tls(source_of(limits)), for_clients(serving(app, clients_role(), open)),
        for_operators(serving(app, listener_role::operators, ops_open)), actors(system) {
    counters->show_certificate(tls);
    for (unsigned i = 0; i < limits.io_threads; ++i) {
      threads.push_back(std::make_unique<io_thread>(counters->shard(i)));
      if (actors)
        threads.back()->actors = std::make_unique<bridge>(*actors, threads.back()->context);
    }
    accepting = std::make_unique<listener>(threads, for_clients, open, limits.connections_limit);
    if (has_ops())
      ops_accepting = std::make_unique<listener>(threads, for_operators, ops_open,
                                                 limits.ops_connections_limit);
  }

  [[nodiscard]] bool has_ops() const { return !limits.ops_listen.empty(); }
  [[nodiscard]] listener_role clients_role() const {
    return has_ops() ? listener_role::clients : listener_role::everything;
  }
  session_context serving(application* app, listener_role role, std::atomic<std::size_t>& count) {
    return {limits,    memory, addresses,
            routes,    app,    [&count] { count.fetch_sub(1, std::memory_order_release); },
            tls.get(), role};
  }

  settings limits;
  memory_shares memory;
  connection_counts addresses;
  router routes;
  std::shared_ptr<metrics> counters;
  std::atomic<std::size_t> open = 0;     ///< connections of the first listener
  std::atomic<std::size_t> ops_open = 0; ///< of the one for operators
  std::shared_ptr<tls_source> tls;       ///< null: plain HTTP
  session_context for_clients;
  session_context for_operators;
  caf::actor_system* actors;
  std::vector<std::unique_ptr<io_thread>> threads;
  std::unique_ptr<listener> accepting;
  std::unique_ptr<listener> ops_accepting; ///< null without settings::ops_listen
  std::vector<std::thread> running;
  std::atomic<bool> ending = false;

  awaitable<void> tick(io_thread& on);
  void run(io_thread& on);
  void each(void (*what)(timed&), bool expire_questions);
  [[nodiscard]] std::size_t connections() const { return open.load() + ops_open.load(); }
  void close_listeners();
  [[nodiscard]] bool wait_for_sessions(std::chrono::milliseconds patience) const;
};

awaitable<void> server::state::tick(io_thread& on) {
  asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor> timer(
      on.context.get_executor());
  boost::system::error_code ignored;
  while (!ending.load(std::memory_order_relaxed)) {
    on.tick();
    timer.expires_after(limits.tick);
    co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
  }
}

void server::state::run(io_thread& on) {
  for (;;) {
    try {
      on.context.run();
      return;
    } catch (const std::exception& fault) {
      spdlog::error("event=io_thread_fault reason=\"{}\"", fault.what());
    }
  }
}

void server::state::each(void (*what)(timed&), bool expire_questions) {
  for (auto& thread : threads)
    asio::post(thread->context, [&on = *thread, what, expire_questions] {
      on.stopping = true;
      for (auto at = on.sessions.begin(); at != on.sessions.end();)
        what(*at++);
      if (expire_questions && on.actors)
        on.actors->expire_all();
    });
}

bool server::state::wait_for_sessions(std::chrono::milliseconds patience) const {
  const auto until = steady::now() + patience;
  while (connections() > 0) {
    if (steady::now() >= until)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

void server::state::close_listeners() {
  accepting->close();
  if (ops_accepting)
    ops_accepting->close();
}

server::server(std::vector<endpoint> routes, settings limits, application* app,
               caf::actor_system* actors, actors::storage_errors* storage)
    : state_(std::make_unique<state>(std::move(routes), std::move(limits), app, actors)) {
  for (auto& thread : state_->threads)
    thread->storage = storage;
}

server::~server() {
  stop();
}

result<void> server::start() {
  auto& s = *state_;
  TRY(const auto at, parse_endpoint(s.limits.listen));
  CHECK(reload_tls());
  CHECK(s.accepting->open(at));
  if (s.has_ops()) {
    TRY(const auto ops_at, parse_endpoint(s.limits.ops_listen));
    CHECK(s.ops_accepting->open(ops_at));
  }
  for (auto& thread : s.threads) {
    thread->tick();
    asio::co_spawn(thread->context.get_executor(), s.tick(*thread), asio::detached);
  }
  const auto first = s.threads.front()->context.get_executor();
  asio::co_spawn(first, s.accepting->run(), asio::detached);
  if (s.ops_accepting)
    asio::co_spawn(first, s.ops_accepting->run(), asio::detached);
  for (auto& thread : s.threads)
    s.running.emplace_back([&s, &on = *thread] { s.run(on); });
  return {};
}

result<void> server::reload_tls() {
  auto& s = *state_;
  if (!s.tls)
    return {};
  CHECK(s.tls->reload());
  say_validity(*s.tls->current());
  return {};
}

std::uint16_t server::port() const {
  return state_->accepting->port();
}

std::uint16_t server::ops_port() const {
  return state_->ops_accepting->port();
}

void server::stop() {
  auto& s = *state_;
  if (s.running.empty())
    return;
  asio::post(s.threads.front()->context, [&s] { s.close_listeners(); });
  s.each([](timed& one) { one.stop(); }, false);
  if (!s.wait_for_sessions(s.limits.stop_timeout)) {
    spdlog::warn("event=stop_forced connections={}", s.connections());
    s.each([](timed& one) { one.abandon(); }, true);
    if (!s.wait_for_sessions(std::chrono::seconds(1)))
      spdlog::error("event=stop_incomplete connections={}", s.connections());
  }
  s.ending = true;
  for (auto& thread : s.threads)
    asio::post(thread->context, [&on = *thread] { on.context.stop(); });
  for (auto& one : s.running)
    one.join();
  s.running.clear();
  for (auto& thread : s.threads)
    thread->actors.reset();
}

const router& server::routes() const {
  return state_->routes;
}

std::shared_ptr<metrics> server::counters() const {
  return state_->counters;
}

} // namespace headwater::http
