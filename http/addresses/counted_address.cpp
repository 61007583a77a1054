#include "http/addresses/counted_address.hpp"

namespace headwater::http {

namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t network_bytes = 8; // of a /64

} // namespace

ip::address unmapped(const ip::address& of) {
  if (of.is_v6() && of.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, of.to_v6());
  return of;
}

counted_address counted(const ip::address& of) {
  const auto whole = unmapped(of);
  if (whole.is_v4())
    return {whole.to_v4().to_uint(), 4};
  const auto bytes = whole.to_v6().to_bytes();
  std::uint64_t leading = 0;
  for (std::size_t i = 0; i < network_bytes; ++i)
    leading = leading << 8U | bytes[i];
  return {leading, 6};
}

} // namespace headwater::http
