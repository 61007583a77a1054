#include "http/server/account_turns.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace headwater::http {

void account_turns::charge(const std::string& account, steady::duration used,
                           steady::time_point now) {
  if (used < shortest_counted)
    return;
  auto& of = accounts_.try_emplace(account, usage{now, {}}).first->second;
  if (now - of.since > window) {
    of.since = now;
    of.used = {};
  }
  of.used += used;
  if (of.used > much)
    of.busy_until = now + window;
}

bool account_turns::must_wait(const std::string& account, steady::time_point now) const {
  const auto found = accounts_.find(account);
  return found != accounts_.end() && now < found->second.busy_until;
}

awaitable<void> account_turns::next(const std::string& account) {
  auto start = [&](auto handler) {
    // std::function wants copies.
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    add(account, [kept] { std::move (*kept)(); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void()>(start,
                                                                               use_awaitable);
}

void account_turns::add(const std::string& account, std::function<void()> work) {
  static_cast<void>(waiting_.add(account, std::move(work)));
  schedule();
}

// Posted anew after each piece, so that what has become ready meanwhile comes first.
void account_turns::schedule() {
  if (scheduled_ || waiting_.empty())
    return;
  scheduled_ = true;
  asio::post(context_, [this] { do_one(); });
}

void account_turns::do_one() {
  scheduled_ = false;
  auto work = waiting_.next();
  // A piece that adds another one schedules it, which then comes behind what is ready now.
  work();
  schedule();
}

void account_turns::forget_idle(steady::time_point now) {
  std::erase_if(accounts_, [now](const auto& each) {
    return now - each.second.since > window && now >= each.second.busy_until;
  });
}

} // namespace headwater::http
