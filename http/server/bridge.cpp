#include "http/server/bridge.hpp"

#include <caf/exit_reason.hpp>

namespace headwater::http {

/// Messages for the companion, from any thread, until the io thread takes them.
struct bridge::inbox {
  std::mutex lock;
  std::vector<caf::mailbox_element_ptr> elements;
  bridge* owner; ///< null once the bridge is gone
};

/// An actor that CAF's scheduler never runs: its messages go to the inbox, and the io thread lets
/// it handle them. It needs a behaviour, without which CAF would end it at its first message.
class bridge::companion final : public caf::event_based_actor {
public:
  companion(caf::actor_config& config, std::shared_ptr<inbox> box)
      : caf::event_based_actor(config), inbox_(std::move(box)) {}

  using caf::abstract_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    std::lock_guard hold{inbox_->lock};
    if (!inbox_->owner)
      return;
    inbox_->elements.push_back(std::move(element));
    // One wake-up is enough for everything that arrives before the io thread takes it.
    if (inbox_->elements.size() == 1)
      asio::post(inbox_->owner->context_, [owner = inbox_->owner] { owner->deliver(); });
  }

  void launch(caf::execution_unit* unit, bool, bool) override { activate(unit); }

  caf::behavior make_behavior() override {
    return {[](const caf::unit_t&) {}};
  }

private:
  std::shared_ptr<inbox> inbox_;
};

bridge::bridge(caf::actor_system& system, asio::io_context& context)
    : context_(context), unit_(&system), inbox_(std::make_shared<inbox>()) {
  inbox_->owner = this;
  const auto actor = system.spawn<companion, caf::hidden>(inbox_);
  keep_alive_ = caf::actor_cast<caf::strong_actor_ptr>(actor);
  self_ = static_cast<companion*>(caf::actor_cast<caf::abstract_actor*>(keep_alive_));
}

bridge::~bridge() {
  expire_all();
  std::vector<caf::mailbox_element_ptr> rest;
  {
    std::lock_guard hold{inbox_->lock};
    inbox_->owner = nullptr;
    rest.swap(inbox_->elements);
  }
  static_cast<companion*>(self_)->cleanup(caf::exit_reason::user_shutdown, &unit_);
}

void bridge::deliver() {
  {
    std::lock_guard hold{inbox_->lock};
    batch_.swap(inbox_->elements);
  }
  for (auto& element : batch_)
    static_cast<companion*>(self_)->activate(&unit_, *element);
  batch_.clear();
  // Coroutines are resumed only here, outside CAF's handlers, so that they may ask again.
  resume_finished();
}

void bridge::finished(question& one) {
  waiting_.erase(waiting_.iterator_to(one));
  finished_.push_back(std::move(one.alive));
}

void bridge::resume_finished() {
  if (resuming_)
    return;
  resuming_ = true;
  std::vector<std::shared_ptr<question>> ready;
  while (!finished_.empty()) {
    ready.swap(finished_);
    for (auto& one : ready)
      one->resume();
    ready.clear();
  }
  resuming_ = false;
}

void bridge::expire(steady::time_point now) {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    auto& one = *at++;
    if (one.deadline > now)
      continue;
    one.give_up(ask_failure::timed_out);
    finished(one);
  }
  resume_finished();
}

void bridge::expire_all() {
  stopping_ = true;
  while (!waiting_.empty()) {
    waiting_.front().give_up(ask_failure::stopping);
    finished(waiting_.front());
  }
  resume_finished();
}

} // namespace headwater::http
