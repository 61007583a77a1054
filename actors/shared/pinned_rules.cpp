#include "actors/shared/pinned_rules.hpp"

namespace headwater::actors {

pinned_rules::pinned_rules(loaded_account_ptr loaded) : loaded_(std::move(loaded)) {
  do {
    set_ = loaded_->rule_set();
    rules_ = loaded_->rules();
  } while (set_->version() != rules_->version());
  seen_ = set_->base();
}

void pinned_rules::renew() {
  if (set_->delta_size() == 0)
    return;
  const auto newest = loaded_->rule_set();
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
