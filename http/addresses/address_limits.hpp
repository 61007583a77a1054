#pragma once

// How many requests may come from an address, for what needs no token. Its memory is fixed: a hash
// table of small sets, each with its own lock, in which a new address takes the place of the one
// whose bucket is full first. Mostly that bucket is full already, and then nothing is forgotten; an
// attacker who makes the table forget needs more addresses than it holds, and then has no use for
// that. Any thread.

#include "domain/core/keyed_hash.hpp"
#include "domain/core/token_bucket.hpp"
#include "http/addresses/counted_address.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>

namespace headwater::http {

class address_limits {
public:
  static constexpr std::size_t usual_capacity = 16'384;

  /// Remembers at most about `capacity` addresses, in some 40 bytes each.
  explicit address_limits(request_rate each, std::size_t capacity = usual_capacity);

  /// A request from the address at time `now`.
  [[nodiscard]] bucket_level take(const counted_address& from, steady_nanos now);

private:
  static constexpr std::size_t ways = 8;

  struct bucket {
    counted_address of;
    steady_nanos full_at = always_full;
  };
  struct bucket_set {
    std::mutex lock;
    std::array<bucket, ways> buckets;
  };

  request_rate rate_;
  std::size_t count_;
  std::unique_ptr<bucket_set[]> sets_;
};

} // namespace headwater::http
