#pragma once

// How many connections each address has open, so that one client does not take all there are. Holds
// the addresses that have any, so its size is bounded by the number of connections. Any thread; the
// lock is taken when a connection begins and when it ends, not for its requests.

#include "domain/core/keyed_hash.hpp"
#include "http/addresses/counted_address.hpp"

#include <cstddef>
#include <mutex>

namespace headwater::http {

class connection_counts {
public:
  /// One connection, until this is destroyed or reassigned. Empty: not counted.
  class place {
  public:
    place() = default;
    place(connection_counts& in, const counted_address& from) : in_(&in), from_(from) {}
    place(place&& other) noexcept : in_(other.in_), from_(other.from_) { other.in_ = nullptr; }
    place& operator=(place&& other) noexcept {
      std::swap(in_, other.in_);
      std::swap(from_, other.from_);
      return *this;
    }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() {
      if (in_ != nullptr)
        in_->leave(from_);
    }

  private:
    connection_counts* in_ = nullptr;
    counted_address from_;
  };

  struct entered {
    place held;
    std::size_t open = 0; ///< of the address, this one included
  };

  /// Counts one more connection from the address.
  [[nodiscard]] entered enter(const counted_address& from);
  /// Addresses with open connections.
  [[nodiscard]] std::size_t addresses() const;

private:
  void leave(const counted_address& from);

  mutable std::mutex lock_;
  keyed_map<counted_address, std::size_t> open_;
};

} // namespace headwater::http
