#include "domain/core/token_bucket.hpp"

#include <algorithm>

namespace headwater {

bucket_level take_one(steady_nanos& full_at, const request_rate& at, steady_nanos now) {
  const auto interval = at.interval();
  const auto capacity = interval * at.requests;
  const auto before = std::max(full_at, now) - now;
  const auto after = before + interval;
  if (after > capacity)
    return {false, (capacity - before) / interval, before, after - capacity};
  full_at = now + after;
  return {true, (capacity - after) / interval, after, {}};
}

bucket_level token_bucket::take(const request_rate& at, steady_nanos now) {
  auto seen = full_at_.load(std::memory_order_relaxed);
  for (;;) {
    steady_nanos full_at{seen};
    const auto level = take_one(full_at, at, now);
    // Only the number itself is shared, so no order with other memory is needed.
    if (!level.is_admitted ||
        full_at_.compare_exchange_weak(seen, full_at.count(), std::memory_order_relaxed))
      return level;
  }
}

} // namespace headwater
