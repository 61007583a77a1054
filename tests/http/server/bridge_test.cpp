#include "http/server/bridge.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/test/unit_test.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <fstream>
#include <thread>

namespace headwater::http {
namespace {

using doubler = caf::typed_actor<caf::replies_to<int>::with<int>>;

// Each takes an argument, because CAF 0.17 reads a null pointer where a factory takes none.
doubler::behavior_type doubling(int by) {
  return {[by](int x) { return by * x; }};
}

/// Never answers; the promises keep the requests open.
doubler::behavior_type silence(doubler::pointer self, int) {
  auto kept = std::make_shared<std::vector<caf::typed_response_promise<int>>>();
  return {[self, kept](int) {
    kept->push_back(self->make_response_promise<int>());
    return kept->back();
  }};
}

/// Ends with its first answer.
doubler::behavior_type leaving(doubler::pointer self, int) {
  return {[self](int x) {
    self->quit(caf::exit_reason::user_shutdown);
    return 2 * x;
  }};
}

std::size_t resident_kib() {
  std::ifstream statm("/proc/self/statm");
  std::size_t whole = 0, resident = 0;
  statm >> whole >> resident;
  return resident * 4;
}

struct fixture {
  fixture() : system(config), context(1), one(std::make_unique<bridge>(system, context)) {}

  /// Runs a coroutine on this thread as the io thread until it ends, ticking meanwhile.
  template <class Body>
  void run(Body body) {
    context.restart(); // an earlier run may have ended for want of work
    bool done = false;
    std::exception_ptr failed;
    asio::co_spawn(context.get_executor(), body(), [&](std::exception_ptr fault) {
      failed = fault;
      done = true;
    });
    const auto guard = asio::make_work_guard(context);
    while (!done) { // NOLINT(bugprone-infinite-loop): run_one_for() calls what ends it
      context.run_one_for(std::chrono::milliseconds(5));
      one->expire(bridge::steady::now());
    }
    if (failed)
      std::rethrow_exception(failed);
  }

  awaitable<asked<int>> ask(doubler to, int value, int patience_ms = 10'000) {
    return one->ask<int>(to, std::chrono::milliseconds(patience_ms), value);
  }

  caf::actor_system_config config;
  caf::actor_system system;
  asio::io_context context;
  std::unique_ptr<bridge> one;
};

ask_failure failure_of(const asked<int>& answer) {
  BOOST_REQUIRE(std::holds_alternative<ask_failure>(answer));
  return std::get<ask_failure>(answer);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor_bridge, fixture)

BOOST_AUTO_TEST_CASE(an_answer_comes_back_to_the_io_thread) {
  const auto to = system.spawn(doubling, 2);
  const auto here = std::this_thread::get_id();
  run([&]() -> awaitable<void> {
    const auto answer = co_await ask(to, 21);
    BOOST_TEST(std::get<int>(answer) == 42);
    BOOST_TEST((std::this_thread::get_id() == here));
  });
  BOOST_TEST(one->waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(questions_of_many_coroutines_each_get_their_own_answer) {
  const auto to = system.spawn(doubling, 2);
  int right = 0;
  for (int i = 0; i < 1000; ++i)
    asio::co_spawn(
        context.get_executor(),
        [&, i]() -> awaitable<void> {
          const auto answer = co_await ask(to, i);
          right += std::get<int>(answer) == 2 * i ? 1 : 0;
        },
        asio::detached);
  run([&]() -> awaitable<void> {
    while (right < 1000)
      (void)co_await ask(to, 0);
  });
  BOOST_TEST(right == 1000);
}

BOOST_AUTO_TEST_CASE(an_actor_that_never_answers_times_out) {
  const auto to = system.spawn(silence, 0);
  run([&]() -> awaitable<void> {
    BOOST_TEST((failure_of(co_await ask(to, 1, 20)) == ask_failure::timed_out));
  });
  BOOST_TEST(one->waiting() == 0U);
  caf::anon_send_exit(to, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(an_answer_after_the_deadline_is_dropped) {
  const auto to = system.spawn(doubling, 2);
  run([&]() -> awaitable<void> {
    BOOST_TEST((failure_of(co_await ask(to, 1, -1)) == ask_failure::timed_out));
    // The answer to the first question arrives before that to the second, and finds no one waiting.
    BOOST_TEST(std::get<int>(co_await ask(to, 2)) == 4);
  });
}

BOOST_AUTO_TEST_CASE(an_actor_that_ends_is_told_from_one_that_is_slow) {
  const auto to = system.spawn(leaving, 0);
  run([&]() -> awaitable<void> {
    BOOST_TEST(std::get<int>(co_await ask(to, 1)) == 2);
    BOOST_TEST((failure_of(co_await ask(to, 1)) == ask_failure::receiver_down));
  });
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_waits_and_what_comes_after) {
  const auto to = system.spawn(silence, 0);
  bool finished = false;
  asio::co_spawn(
      context.get_executor(),
      [&]() -> awaitable<void> {
        BOOST_TEST((failure_of(co_await ask(to, 1)) == ask_failure::stopping));
        BOOST_TEST((failure_of(co_await ask(to, 1)) == ask_failure::stopping));
        finished = true;
      },
      asio::detached);
  context.run_for(std::chrono::milliseconds(20));
  BOOST_TEST(one->waiting() == 1U);
  one->expire_all();
  context.restart();
  context.run_for(std::chrono::milliseconds(20));
  BOOST_TEST(finished);
  caf::anon_send_exit(to, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(an_answer_after_the_bridges_end_is_harmless) {
  const auto to = system.spawn(doubling, 2);
  asio::co_spawn(
      context.get_executor(), [&]() -> awaitable<void> { (void)co_await ask(to, 1); },
      asio::detached);
  context.run_for(std::chrono::milliseconds(0));
  one.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  BOOST_TEST(!one);
}

BOOST_AUTO_TEST_CASE(memory_stays_flat_over_many_questions) {
  const auto to = system.spawn(doubling, 2);
  const auto ask_many = [&](int count) {
    run([&]() -> awaitable<void> {
      for (int i = 0; i < count; ++i)
        if (std::get<int>(co_await ask(to, i)) != 2 * i)
          throw std::logic_error("wrong answer");
    });
  };
  ask_many(5'000);
  const auto before = resident_kib();
  ask_many(40'000);
#ifdef __SANITIZE_ADDRESS__
  constexpr std::size_t quarantine = 256 * 1024; // ASan keeps this much of what was freed
#else
  constexpr std::size_t quarantine = 0;
#endif
  BOOST_TEST(resident_kib() < before + 4096 + quarantine);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
