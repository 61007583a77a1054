#include "http/addresses/address_limits.hpp"

#include <algorithm>

namespace headwater::http {

address_limits::address_limits(std::size_t capacity)
    : count_(capacity / ways + 1), sets_(std::make_unique<bucket_set[]>(count_)) {}

bucket_level address_limits::take(const limited_client& from, const request_rate& at_rate,
                                  steady_nanos now) {
  auto& in = sets_[keyed_hash<limited_client>{}(from) % count_];
  std::lock_guard hold{in.lock};
  auto at = std::ranges::find(in.buckets, from, &bucket::of);
  if (at == in.buckets.end()) {
    at = std::ranges::min_element(in.buckets, {}, &bucket::full_at);
    *at = {from, always_full};
  }
  return take_one(at->full_at, at_rate, now);
}

} // namespace headwater::http
