#include "http/server/server.hpp"

#include "domain/core/try.hpp"
#include "http/server/io_thread.hpp"
#include "http/server/listener.hpp"
#include "http/server/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <thread>

namespace headwater::http {

struct server::state {
  state(std::vector<endpoint> table, settings given, application* app, caf::actor_system* system)
      : limits(std::move(given)), memory(limits), routes(std::move(table)),
        counters(std::make_shared<metrics>(routes, limits.io_threads, limits.connections_limit)),
        context{limits, memory, addresses,
                routes, app,    [this] { open.fetch_sub(1, std::memory_order_release); }},
        actors(system) {
    for (unsigned i = 0; i < limits.io_threads; ++i) {
      threads.push_back(std::make_unique<io_thread>(counters->shard(i)));
      if (actors)
        threads.back()->actors = std::make_unique<bridge>(*actors, threads.back()->context);
    }
    accepting = std::make_unique<listener>(threads, context, open);
  }

  settings limits;
  memory_shares memory;
  connection_counts addresses;
  router routes;
  std::shared_ptr<metrics> counters;
  std::atomic<std::size_t> open = 0;
  session_context context;
  caf::actor_system* actors;
  std::vector<std::unique_ptr<io_thread>> threads;
  std::unique_ptr<listener> accepting;
  std::vector<std::thread> running;
  std::atomic<bool> ending = false;

  awaitable<void> tick(io_thread& on);
  void run(io_thread& on);
  void each(void (*what)(timed&), bool expire_questions);
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
  while (open.load(std::memory_order_acquire) > 0) {
    if (steady::now() >= until)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
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
  CHECK(s.accepting->open(at));
  for (auto& thread : s.threads) {
    thread->tick();
    asio::co_spawn(thread->context.get_executor(), s.tick(*thread), asio::detached);
  }
  asio::co_spawn(s.threads.front()->context.get_executor(), s.accepting->run(), asio::detached);
  for (auto& thread : s.threads)
    s.running.emplace_back([&s, &on = *thread] { s.run(on); });
  return {};
}

std::uint16_t server::port() const {
  return state_->accepting->port();
}

void server::stop() {
  auto& s = *state_;
  if (s.running.empty())
    return;
  asio::post(s.threads.front()->context, [&s] { s.accepting->close(); });
  s.each([](timed& one) { one.stop(); }, false);
  if (!s.wait_for_sessions(s.limits.stop_timeout)) {
    spdlog::warn("event=stop_forced connections={}", s.open.load());
    s.each([](timed& one) { one.abandon(); }, true);
    if (!s.wait_for_sessions(std::chrono::seconds(1)))
      spdlog::error("event=stop_incomplete connections={}", s.open.load());
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
