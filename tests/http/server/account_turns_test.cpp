#include "http/server/account_turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace headwater::http;
using namespace std::chrono_literals;

namespace {

struct thread_with_turns {
  asio::io_context context{1};
  account_turns turns{context};
  account_turns::steady::time_point now = account_turns::steady::now();
  std::string order;

  /// Work of that many pieces, each of which notes the account's name.
  void spawn(const std::string& account, int pieces) {
    asio::co_spawn(
        context,
        [](thread_with_turns& on, std::string who, int left) -> awaitable<void> {
          for (; left > 0; --left) {
            co_await on.turns.next(who);
            on.order += who;
          }
        }(*this, account, pieces),
        asio::detached);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(turns_of_accounts)

BOOST_AUTO_TEST_CASE(an_account_waits_once_it_has_used_much_time) {
  thread_with_turns one;
  one.turns.charge("acme", account_turns::much, one.now);
  BOOST_TEST(!one.turns.must_wait("acme", one.now));
  one.turns.charge("acme", 1ms, one.now);
  BOOST_TEST(one.turns.must_wait("acme", one.now));
  BOOST_TEST(!one.turns.must_wait("other", one.now));
}

BOOST_AUTO_TEST_CASE(it_waits_no_more_when_it_has_used_little_for_a_while) {
  thread_with_turns one;
  one.turns.charge("acme", 10ms, one.now);
  BOOST_TEST(!one.turns.must_wait("acme", one.now + account_turns::window));
  // What it used before the window does not count.
  one.turns.charge("acme", 1ms, one.now + account_turns::window + 1ms);
  BOOST_TEST(!one.turns.must_wait("acme", one.now + account_turns::window + 1ms));
}

BOOST_AUTO_TEST_CASE(short_work_is_not_counted) {
  thread_with_turns one;
  for (int i = 0; i < 1'000; ++i)
    one.turns.charge("acme", account_turns::shortest_counted - 1us, one.now);
  BOOST_TEST(!one.turns.counts_any());
}

BOOST_AUTO_TEST_CASE(idle_accounts_are_forgotten) {
  thread_with_turns one;
  one.turns.charge("acme", 10ms, one.now);
  one.turns.forget_idle(one.now + account_turns::window);
  BOOST_TEST(one.turns.counts_any());
  one.turns.forget_idle(one.now + account_turns::window + 1ms);
  BOOST_TEST(!one.turns.counts_any());
}

BOOST_AUTO_TEST_CASE(accounts_take_turns_however_many_connections_they_have) {
  thread_with_turns one;
  for (int connection = 0; connection < 3; ++connection)
    one.spawn("a", 2);
  one.spawn("b", 2);
  one.context.run();
  BOOST_TEST(one.order == "ababaaaa");
}

BOOST_AUTO_TEST_CASE(what_else_is_ready_comes_between_two_pieces) {
  thread_with_turns one;
  one.spawn("a", 3);
  asio::co_spawn(
      one.context,
      [](thread_with_turns& on) -> awaitable<void> {
        for (int i = 0; i < 3; ++i) {
          co_await asio::post(on.context.get_executor(), use_awaitable);
          on.order += '.';
        }
      }(one),
      asio::detached);
  one.context.run();
  BOOST_TEST((one.order == "a.a.a." || one.order == ".a.a.a"), one.order);
}

BOOST_AUTO_TEST_CASE(an_account_has_so_many_places_and_another_one_its_own) {
  account_places places;
  std::vector<std::shared_ptr<const void>> held;
  for (int i = 0; i < 3; ++i)
    held.push_back(places.take("acme", 3));
  for (const auto& each : held)
    BOOST_TEST((each != nullptr));
  BOOST_TEST((places.take("acme", 3) == nullptr));
  BOOST_TEST((places.take("globex", 3) != nullptr));
  held.pop_back();
  BOOST_TEST((places.take("acme", 3) != nullptr)); // and given back at once
  BOOST_TEST((places.take("acme", 3) != nullptr));
  held.clear();
  BOOST_TEST((places.take("acme", 1) != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
