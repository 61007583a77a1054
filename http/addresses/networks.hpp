#pragma once

// Sets of IPv4 and IPv6 networks, such as the proxies that the operator trusts.

#include "domain/core/error.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace headwater::http {

/// An address, or all addresses that begin with the same bits.
struct network {
  std::array<std::uint8_t, 16> bytes{}; ///< an IPv4 network in the first four; 0 beyond `prefix`
  unsigned prefix = 0;                  ///< bits that count: at most 32 or 128
  bool is_v4 = true;

  bool operator==(const network&) const = default;
};

/// Reads "10.0.0.0/8", "192.0.2.1", "2001:db8::/32" or "::1". An IPv4 network mapped into IPv6
/// (::ffff:10.0.0.0/104) is that IPv4 network. bad_request for anything else, also if bits beyond
/// the prefix are set, as in 10.0.0.1/8, since it is unknown which of the two is meant.
[[nodiscard]] result<network> parse_network(std::string_view text);

/// Boost also takes a zone ("fe80::1%eth0"), whose meaning depends on the machine, and reads no
/// further than a NUL.
[[nodiscard]] bool has_only_characters_of_addresses(std::string_view text);

class network_set {
public:
  network_set() = default;
  explicit network_set(std::vector<network> of) : networks_(std::move(of)) {}

  /// An IPv4 address mapped into IPv6 counts as IPv4.
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;
  [[nodiscard]] bool empty() const { return networks_.empty(); }

private:
  std::vector<network> networks_; // a handful
};

} // namespace headwater::http
