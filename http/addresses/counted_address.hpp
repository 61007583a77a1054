#pragma once

// What is limited by address counts an IPv6 client by its network, since it can choose the rest.

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstdint>

namespace headwater::http {

/// What clients are counted by: a whole IPv4 address, also one mapped into IPv6, or the /64 of an
/// IPv6 address, which is what one customer gets at least.
struct counted_address {
  std::uint64_t bits = 0; ///< of the address or of its network
  std::uint64_t kind = 0; ///< 4, 6; 0: unknown

  [[nodiscard]] std::array<std::uint64_t, 2> hash_words() const { return {bits, kind}; }
  bool operator==(const counted_address&) const = default;
};

[[nodiscard]] counted_address counted(const boost::asio::ip::address& of);

/// The address itself, or the IPv4 address that is mapped into it (::ffff:192.0.2.1).
[[nodiscard]] boost::asio::ip::address unmapped(const boost::asio::ip::address& of);

} // namespace headwater::http
