#include "http/addresses/address_limits.hpp"

#include <algorithm>

namespace headwater::http {

address_limits::address_limits(request_rate each, std::size_t capacity)
    : rate_(each), count_(capacity / ways + 1), sets_(std::make_unique<bucket_set[]>(count_)) {}

bucket_level address_limits::take(const counted_address& from, steady_nanos now) {
  auto& in = sets_[keyed_hash<counted_address>{}(from) % count_];
  std::lock_guard hold{in.lock};
  auto at = std::ranges::find(in.buckets, from, &bucket::of);
  if (at == in.buckets.end()) {
    at = std::ranges::min_element(in.buckets, {}, &bucket::full_at);
    *at = {from, always_full};
  }
  return take_one(at->full_at, rate_, now);
}

} // namespace headwater::http
