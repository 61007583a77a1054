#include "store/log/stream_head_cache.hpp"

namespace headwater::store {

const stream_head* stream_head_cache::find(std::string_view stream) {
  auto found = by_stream_.find(stream);
  if (found == by_stream_.end())
    return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &found->second->second;
}

void stream_head_cache::put(std::string_view stream, const stream_head& head) {
  if (auto found = by_stream_.find(stream); found != by_stream_.end()) {
    found->second->second = head;
    entries_.splice(entries_.begin(), entries_, found->second);
    return;
  }
  entries_.emplace_front(std::string{stream}, head);
  by_stream_.emplace(entries_.front().first, entries_.begin());
  if (entries_.size() > capacity_) {
    by_stream_.erase(entries_.back().first);
    entries_.pop_back();
  }
}

} // namespace headwater::store
