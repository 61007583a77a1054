#pragma once

// How many requests may come from an address: without a valid token, or with one that stands in a
// page and so is everybody's. Its memory is fixed: a hash table of small sets, each with its own
// lock, in which a new address takes the place of the one whose bucket is full first. Mostly that
// bucket is full already, and then nothing is forgotten; an attacker who makes the table forget
// needs more addresses than it holds, and then has no use for that.
//
// Tokens are no way around that, though an account may make many: an address lies in one set with
// all of them, and beyond the fourth they share buckets. Any thread.

#include "domain/core/token_bucket.hpp"
#include "http/addresses/counted_address.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>

namespace headwater::http {

struct limited_client {
  counted_address address;
  std::uint64_t token_id = 0; ///< 0: without one

  bool operator==(const limited_client&) const = default;
};

class address_limits {
public:
  static constexpr std::size_t usual_capacity = 16'384;

  /// Remembers at most about `capacity` addresses, in some 40 bytes each.
  explicit address_limits(std::size_t capacity = usual_capacity);

  /// A request at time `now` from the address, with the token if there is a valid one. Its rate
  /// must always be the same.
  [[nodiscard]] bucket_level take(const limited_client& from, const request_rate& at,
                                  steady_nanos now);

private:
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t of_one_address = 4; ///< of the buckets of a set

  struct bucket {
    limited_client of;
    steady_nanos full_at = always_full;
  };
  struct bucket_set {
    std::mutex lock;
    std::array<bucket, ways> buckets;
  };

  [[nodiscard]] static bucket& bucket_for(bucket_set& in, const limited_client& from);

  std::size_t count_;
  std::unique_ptr<bucket_set[]> sets_;
};

} // namespace headwater::http
