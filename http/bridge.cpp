#include "http/bridge.hpp"

#include <boost/asio/post.hpp>

namespace headwater::http {

bridge::bridge(caf::actor_system& system, asio::io_context& context)
    : context_(context), unit_(&system), inbox_(std::make_shared<inbox>()) {
  auto actor = system.spawn<caf::actor_companion>();
  companion_ = caf::actor_cast<caf::strong_actor_ptr>(actor);
  self_ = static_cast<caf::actor_companion*>(companion_->get());
  // Without a behaviour CAF ends the actor at its first message.
  self_->become([](caf::unit_t) {});
  self_->on_enqueue([this, box = inbox_](caf::mailbox_element_ptr element) {
    std::unique_lock hold{box->lock};
    if (!box->open)
      return;
    box->elements.push_back(std::move(element));
    // One wake-up serves all that arrive until the io thread takes them.
    const bool first = box->elements.size() == 1;
    if (first)
      asio::post(context_, [this] { deliver(); });
  });
}

bridge::~bridge() {
  expire_all();
  std::vector<caf::mailbox_element_ptr> rest;
  {
    std::lock_guard hold{inbox_->lock};
    inbox_->open = false;
    rest.swap(inbox_->elements);
  }
  rest.clear();
  finished_.clear();
  self_->disconnect(caf::exit_reason::user_shutdown);
}

void bridge::deliver() {
  {
    std::lock_guard hold{inbox_->lock};
    batch_.swap(inbox_->elements);
  }
  for (auto& element : batch_)
    self_->activate(&unit_, *element);
  batch_.clear();
  // Coroutines go on only here, outside CAF's handlers, where asking again is unremarkable.
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
