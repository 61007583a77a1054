#pragma once

// A token bucket in one number: GCRA, the generic cell rate algorithm (ITU-T I.371, annex A). What
// is stored is the time at which the bucket will be full, GCRA's theoretical arrival time. A
// request moves it on by one interval, and is refused if the bucket would then take longer to fill
// than an empty one:
//
//        now                     full_at               now + requests * interval
//   ------|-------------------------|----------------------------|---------> time
//         |<- what has been taken ->|<-- what can be taken now ->|
//
// Nothing has to refill the bucket, and one compare-and-swap is enough to take from it.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

namespace headwater {

/// Time of a clock that never runs back, counted from any fixed moment.
using steady_nanos = std::chrono::nanoseconds;

/// So many requests at once from a full bucket, which fills within the period.
struct request_rate {
  std::int64_t requests = 1; ///< at least 1
  std::chrono::nanoseconds period{};

  /// The time in which one request comes back. Rounded up, so that no period admits too many.
  [[nodiscard]] constexpr std::chrono::nanoseconds interval() const {
    return std::chrono::nanoseconds{(period.count() + requests - 1) / requests};
  }
};

/// The bucket after a request.
struct bucket_level {
  bool is_admitted = false;
  std::int64_t remaining = 0;            ///< requests that would be admitted now
  std::chrono::nanoseconds until_full{}; ///< if no more requests come
  std::chrono::nanoseconds wait{};       ///< refused: until one would be admitted; else 0
};

/// A request at time `now` for a bucket that will be full at `full_at`, which is moved on if the
/// request is admitted.
[[nodiscard]] bucket_level take_one(steady_nanos& full_at, const request_rate& at,
                                    steady_nanos now);

/// A full bucket is full since ever.
inline constexpr steady_nanos always_full{std::numeric_limits<std::int64_t>::min()};

/// A bucket that threads share without a lock. Its rate is given with each request and must always
/// be the same.
class token_bucket {
public:
  bucket_level take(const request_rate& at, steady_nanos now);

private:
  std::atomic<std::int64_t> full_at_ = always_full.count();
};

/// Rounded up: what a client is told in seconds must not be too early.
[[nodiscard]] constexpr std::int64_t whole_seconds(std::chrono::nanoseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(time).count();
}

} // namespace headwater
