#pragma once

// The only bridge between Asio and CAF: one long-lived companion actor per io thread. A coroutine
// asks an actor and continues on its own io thread when the answer is there.
//
// Thread: everything except the companion's enqueue handler runs on the io thread that owns the
// bridge. Invariant: each question is finished exactly once: by its answer, by the actor's end, by
// its deadline or by expire_all(). Anything that arrives later is dropped.

#include "http/server/asio.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

namespace headwater::http {

enum class ask_failure : std::uint8_t {
  receiver_down = 1, ///< the actor ended before it answered; ask its successor
  timed_out,         ///< the outcome is unknown
  stopping,
};

template <class Reply>
using asked = std::variant<Reply, ask_failure>;

class bridge {
public:
  using steady = std::chrono::steady_clock;

  bridge(caf::actor_system& system, asio::io_context& context);
  ~bridge();
  bridge(const bridge&) = delete;
  bridge& operator=(const bridge&) = delete;

  /// Sends `args` to `to` and waits for its Reply, at most `patience` (checked at each tick).
  template <class Reply, class Handle, class... Args>
  awaitable<asked<Reply>> ask(Handle to, std::chrono::milliseconds patience, Args... args);

  /// Ends the questions whose patience is over; called by the io thread's tick.
  void expire(steady::time_point now);

  /// Ends all of them with `stopping`, and also those asked from now on.
  void expire_all();

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
  struct question : boost::intrusive::list_base_hook<> {
    virtual ~question() = default;
    virtual void give_up(ask_failure why) = 0;
    virtual void resume() = 0;

    steady::time_point deadline;
    std::shared_ptr<question> alive; ///< a reference to itself while it waits
  };
  template <class Reply, class Handler>
  struct typed_question;

  void deliver();
  void finished(question& one);
  void resume_finished();

  class companion;
  struct inbox;

  asio::io_context& context_;
  caf::scoped_execution_unit unit_;
  std::shared_ptr<inbox> inbox_; ///< shared with the companion, which may outlive the bridge
  caf::strong_actor_ptr keep_alive_;
  caf::event_based_actor* self_ = nullptr;

  boost::intrusive::list<question> waiting_;
  std::vector<std::shared_ptr<question>> finished_;
  bool resuming_ = false;
  bool stopping_ = false;
  std::vector<caf::mailbox_element_ptr> batch_;
};

template <class Reply, class Handler>
struct bridge::typed_question final : bridge::question {
  explicit typed_question(Handler h) : handler(std::move(h)) {}

  void give_up(ask_failure why) override { outcome.emplace(why); }
  void resume() override { std::move(handler)(std::move(*outcome)); }

  Handler handler;
  std::optional<asked<Reply>> outcome;
};

template <class Reply, class Handle, class... Args>
awaitable<asked<Reply>> bridge::ask(Handle to, std::chrono::milliseconds patience, Args... args) {
  auto start = [&](auto handler) {
    using handler_type = std::decay_t<decltype(handler)>;
    auto one = std::make_shared<typed_question<Reply, handler_type>>(std::move(handler));
    one->deadline = steady::now() + patience;
    one->alive = one;
    waiting_.push_back(*one);
    if (stopping_ || !to) {
      one->give_up(stopping_ ? ask_failure::stopping : ask_failure::receiver_down);
      finished(*one);
      asio::post(context_, [this] { resume_finished(); });
      return;
    }
    self_->request(to, caf::infinite, std::move(args)...)
        .then(
            [this, one](Reply& reply) {
              if (!one->alive)
                return;
              one->outcome.emplace(std::move(reply));
              finished(*one);
            },
            [this, one](caf::error&) {
              if (!one->alive)
                return;
              one->give_up(ask_failure::receiver_down);
              finished(*one);
            });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<executor>,
                                          void(asked<Reply>)>(start, use_awaitable);
}

} // namespace headwater::http
