#include "http/addresses/address_limits.hpp"

#include "domain/core/keyed_hash.hpp"

#include <algorithm>
#include <utility>

namespace headwater::http {

address_limits::address_limits(std::size_t capacity)
    : count_(capacity / ways + 1), sets_(std::make_unique<bucket_set[]>(count_)) {}

address_limits::bucket& address_limits::bucket_for(bucket_set& in, const limited_client& from) {
  auto& all = in.buckets;
  if (const auto known = std::ranges::find(all, from, &bucket::of); known != all.end())
    return *known;
  const auto is_of_address = [&](const bucket& each) {
    return each.full_at != always_full && each.of.address == from.address;
  };
  const bool must_share =
      std::cmp_greater_equal(std::ranges::count_if(all, is_of_address), of_one_address);
  bucket* soonest = nullptr;
  for (auto& each : all)
    if ((!must_share || is_of_address(each)) &&
        (soonest == nullptr || each.full_at < soonest->full_at))
      soonest = &each;
  soonest->of = from;
  if (!must_share)
    soonest->full_at = always_full;
  return *soonest;
}

bucket_level address_limits::take(const limited_client& from, const request_rate& at_rate,
                                  steady_nanos now) {
  auto& in = sets_[keyed_hash<counted_address>{}(from.address) % count_];
  std::lock_guard hold{in.lock};
  return take_one(bucket_for(in, from).full_at, at_rate, now);
}

} // namespace headwater::http
