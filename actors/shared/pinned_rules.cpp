#include "actors/shared/pinned_rules.hpp"

namespace headwater::actors {

pinned_rules::pinned_rules(slot_ptr slot) : slot_(std::move(slot)) {
  do {
    set_ = slot_->rule_set();
    rules_ = slot_->rules();
  } while (set_->version() != rules_->version());
  seen_ = set_->base();
}

void pinned_rules::renew() {
  if (set_->delta_size() == 0)
    return;
  const auto newest = slot_->rule_set();
  if (newest->base() == seen_)
    return;
  seen_ = newest->base();
  auto next = newest->version() == rules_->version()
                  ? newest
                  : std::make_shared<const attribution::rule_set>(seen_, *rules_);
  if (next->delta_size() < set_->delta_size())
    set_ = std::move(next);
}

} // namespace headwater::actors
