#include "http/server/proxy_header.hpp"

#include "domain/core/try.hpp"

#include <algorithm>
#include <string>

namespace headwater::http {

namespace {

using namespace std::string_view_literals;

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr auto first_version = "PROXY "sv;
constexpr std::size_t fixed_length = 16;
constexpr std::size_t v4_block = 12; // two addresses and two ports
constexpr std::size_t v6_block = 36;

enum class command : std::uint8_t { local = 0, proxy = 1 };
enum class address_family : std::uint8_t { unspecified = 0, inet = 1, inet6 = 2, unix_path = 3 };
enum class transport : std::uint8_t { unspecified = 0, stream = 1, datagram = 2 };

error no_header(const char* why) {
  return {errc::bad_request, why};
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// The signature, as far as it has arrived.
result<void> check_signature(std::string_view so_far) {
  const auto length = std::min(so_far.size(), signature.size());
  if (so_far.substr(0, length) == signature.substr(0, length))
    return {};
  if (so_far.starts_with(first_version))
    return no_header("version 1 of the PROXY protocol; version 2 is served, which nginx does not "
                     "send and HAProxy calls send-proxy-v2");
  if (first_version.starts_with(so_far)) // it may become one
    return {};
  return no_header("no PROXY header");
}

template <class Address>
asio::ip::address source_in(std::string_view block) {
  typename Address::bytes_type bytes;
  std::copy_n(block.begin(), bytes.size(), bytes.begin());
  return Address(bytes);
}

result<proxy_header> read_addresses(std::uint8_t what, std::string_view block) {
  const auto family = static_cast<address_family>(what >> 4U);
  const auto over = static_cast<transport>(what & 0x0fU);
  if (family > address_family::unix_path || over > transport::datagram)
    return no_header("a PROXY header with an unknown address family or transport");
  proxy_header out;
  // Connections of other kinds cannot come here, so whatever is said of them is not understood.
  if (over != transport::stream ||
      (family != address_family::inet && family != address_family::inet6))
    return out;
  const bool is_v4 = family == address_family::inet;
  if (block.size() < (is_v4 ? v4_block : v6_block))
    return no_header("a PROXY header that is too short for its addresses");
  out.source =
      is_v4 ? source_in<asio::ip::address_v4>(block) : source_in<asio::ip::address_v6>(block);
  return out;
}

} // namespace

result<proxy_scan> scan_proxy_header(std::string_view so_far) {
  CHECK(check_signature(so_far));
  proxy_scan out;
  if (so_far.size() < fixed_length) {
    out.missing = fixed_length - so_far.size();
    return out;
  }
  const auto version = byte_at(so_far, 12) >> 4U;
  const auto asked = static_cast<command>(byte_at(so_far, 12) & 0x0fU);
  if (version != 2 || asked > command::proxy)
    return no_header("a PROXY header of an unknown version or command");
  const auto rest = static_cast<std::size_t>(byte_at(so_far, 14)) << 8U | byte_at(so_far, 15);
  if (fixed_length + rest > longest_proxy_header)
    return no_header("a PROXY header of more than 4096 bytes");
  out.missing = fixed_length + rest - so_far.size();
  if (out.missing == 0 && asked == command::proxy) {
    TRY(out.header, read_addresses(byte_at(so_far, 13), so_far.substr(fixed_length)));
  }
  return out;
}

awaitable<result<proxy_header>> read_proxy_header(socket& from) {
  std::string bytes;
  for (;;) {
    CO_TRY(auto scan, scan_proxy_header(bytes));
    if (scan.missing == 0)
      co_return scan.header;
    const auto before = bytes.size();
    bytes.resize(before + scan.missing);
    const auto room = asio::buffer(bytes.data() + before, scan.missing);
    const auto [fault, count] = co_await from.async_read_some(room, as_result);
    if (fault)
      co_return error{errc::io_failed, before == 0 ? "" : "the PROXY header did not end"};
    bytes.resize(before + count);
  }
}

} // namespace headwater::http
