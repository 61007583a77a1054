#include "http/addresses/connection_counts.hpp"

namespace headwater::http {

connection_counts::entered connection_counts::enter(const counted_address& from) {
  std::lock_guard hold{lock_};
  const auto open = ++open_[from];
  return {place(*this, from), open};
}

void connection_counts::leave(const counted_address& from) {
  std::lock_guard hold{lock_};
  const auto at = open_.find(from);
  if (--at->second == 0)
    open_.erase(at);
}

std::size_t connection_counts::addresses() const {
  std::lock_guard hold{lock_};
  return open_.size();
}

} // namespace headwater::http
