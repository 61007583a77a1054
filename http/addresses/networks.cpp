#include "http/addresses/networks.hpp"

#include "http/addresses/counted_address.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace headwater::http {

namespace {

namespace ip = boost::asio::ip;

constexpr unsigned v4_bits = 32;
constexpr unsigned v6_bits = 128;
constexpr unsigned mapped_bits = v6_bits - v4_bits; // before the IPv4 address in a mapped one
constexpr std::size_t longest_text = 64;            // more than any address and prefix have

network whole(const ip::address& of) {
  network out;
  out.is_v4 = of.is_v4();
  if (out.is_v4)
    std::ranges::copy(of.to_v4().to_bytes(), out.bytes.begin());
  else
    std::ranges::copy(of.to_v6().to_bytes(), out.bytes.begin());
  out.prefix = out.is_v4 ? v4_bits : v6_bits;
  return out;
}

/// The first bits of the bytes; the others are 0.
std::array<std::uint8_t, 16> leading(std::array<std::uint8_t, 16> bytes, unsigned bits) {
  for (unsigned at = 0; at < bytes.size(); ++at) {
    const auto kept = bits > at * 8 ? std::min(bits - at * 8, 8U) : 0U;
    bytes[at] = static_cast<std::uint8_t>(bytes[at] & (0xff00U >> kept));
  }
  return bytes;
}

error no_network(std::string_view text, const char* why) {
  return {errc::bad_request, "not an address or network like 192.0.2.1, 10.0.0.0/8 or "
                             "2001:db8::/32" +
                                 std::string(why) + ": " + std::string(text)};
}

} // namespace

bool has_only_characters_of_addresses(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF.:") == text.npos;
}

result<network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto name = text.substr(0, slash);
  if (text.size() > longest_text || !has_only_characters_of_addresses(name))
    return no_network(text.substr(0, longest_text), "");
  boost::system::error_code ec;
  const auto address = ip::make_address(std::string(name), ec);
  if (ec)
    return no_network(text, "");
  auto out = whole(address);
  if (slash != text.npos) {
    const auto digits = text.substr(slash + 1);
    const auto most = out.prefix;
    const auto [end, wrong] =
        std::from_chars(digits.data(), digits.data() + digits.size(), out.prefix);
    if (wrong != std::errc{} || end != digits.data() + digits.size() || out.prefix > most)
      return no_network(text, "");
  }
  if (address != unmapped(address) && out.prefix >= mapped_bits) {
    const auto prefix = out.prefix - mapped_bits;
    out = whole(unmapped(address));
    out.prefix = prefix;
  }
  if (leading(out.bytes, out.prefix) != out.bytes)
    return no_network(text, " (bits beyond its prefix are set)");
  return out;
}

bool network_set::contains(const ip::address& address) const {
  if (networks_.empty())
    return false;
  const auto one = whole(unmapped(address));
  return std::ranges::any_of(networks_, [&](const network& in) {
    return in.is_v4 == one.is_v4 && leading(one.bytes, in.prefix) == in.bytes;
  });
}

} // namespace headwater::http
