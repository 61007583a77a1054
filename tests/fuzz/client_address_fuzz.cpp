// libFuzzer target: where a client is, as proxies say it: trusted networks, X-Forwarded-For and
// the header of the PROXY protocol. What is read of a header does not depend on the pieces in which
// it comes, and nothing that a client itself writes to the left of proxies' entries changes its
// address.

#include "domain/core/text.hpp"
#include "http/addresses/counted_address.hpp"
#include "http/addresses/forwarded.hpp"
#include "http/server/proxy_header.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <optional>
#include <vector>

using namespace headwater;
using namespace headwater::http;

namespace {

namespace ip = boost::asio::ip;

/// A network's first address.
ip::address first_address(const network& of) {
  if (!of.is_v4)
    return ip::address_v6(of.bytes);
  return ip::address_v4({of.bytes[0], of.bytes[1], of.bytes[2], of.bytes[3]});
}

network_set networks_in(std::string_view line) {
  std::vector<network> out;
  while (!line.empty()) {
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    const auto read = parse_network(word);
    if (!read) {
      fuzz::check_refusal(read.error());
      continue;
    }
    fuzz::require(read->prefix <= (read->is_v4 ? 32U : 128U), "a prefix beyond the address", word);
    const auto first = first_address(*read);
    fuzz::require(network_set({*read}).contains(first), "a network without its own address", word);
    const auto again = parse_network(first.to_string() + "/" + std::to_string(read->prefix));
    fuzz::require(fuzz::must(again, "a network of ours is not read") == *read,
                  "a network read again is another", word);
    out.push_back(*read);
  }
  return network_set(std::move(out));
}

ip::address behind(const network_set& trusted, const ip::address& peer,
                   std::vector<std::string_view> lines) {
  return client_behind(trusted, peer, lines);
}

void check_forwarded(const network_set& trusted, const ip::address& peer, std::string_view rest) {
  const auto whole = std::string(rest);
  std::vector<std::string_view> lines;
  while (!rest.empty())
    lines.push_back(fuzz::take_line(rest));
  const auto client = behind(trusted, peer, lines);
  fuzz::require(trusted.contains(peer) || client == peer, "a stranger's lines count", whole);
  fuzz::require(client == peer || unmapped(client) == client, "a mapped address", whole);

  auto joined = whole;
  std::ranges::replace(joined, '\n', ',');
  fuzz::require(behind(trusted, peer, {joined}) == client, "one line says something else", whole);
  lines.insert(lines.begin(), "_hidden, unknown");
  fuzz::require(behind(trusted, peer, lines) == client, "what is no address counts", whole);
  lines.front() = "198.51.100.7";
  const auto invented = ip::make_address("198.51.100.7");
  const auto found = behind(trusted, peer, lines);
  fuzz::require(found == client || (found == invented && trusted.contains(client)),
                "an invented address counts", whole);
}

/// What the reader of a connection sees of these bytes, in pieces of at most so many. Nothing: they
/// end too early.
std::optional<result<proxy_header>> read_header(std::string_view bytes, std::size_t piece) {
  std::size_t have = 0;
  for (;;) {
    const auto scan = scan_proxy_header(bytes.substr(0, have));
    if (!scan) {
      fuzz::check_refusal(scan.error());
      return scan.error();
    }
    if (scan->missing == 0)
      return scan->header;
    fuzz::require(have + scan->missing <= longest_proxy_header, "a header without an end");
    const auto more = std::min({scan->missing, piece, bytes.size() - have});
    if (more == 0)
      return std::nullopt;
    have += more;
  }
}

void check_header(std::string_view bytes, std::size_t piece) {
  const auto whole = read_header(bytes, bytes.size() + 1);
  const auto pieces = read_header(bytes, piece);
  // What is no header may be seen in a shorter piece than a whole one.
  if (!whole || !pieces) {
    fuzz::require((!whole || whole->has_error()) && (!pieces || pieces->has_error()),
                  "a header ends in one way only", bytes);
    return;
  }
  fuzz::require(whole->has_error() == pieces->has_error(), "pieces decide", bytes);
  if (*whole)
    fuzz::require((*whole)->source == (*pieces)->source, "pieces have another source", bytes);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::string_literals;
  const auto input = fuzz::text_of(data, size);
  auto rest = input;
  const auto trusted = networks_in(fuzz::take_line(rest));
  const auto peer = read_forwarded(fuzz::take_line(rest));
  if (peer) {
    const auto one = counted(*peer);
    fuzz::require(one == counted(unmapped(*peer)) && (one.kind == 4 || one.kind == 6),
                  "a mapped address counts otherwise");
    check_forwarded(trusted, *peer, rest);
  }
  const auto piece = 1 + size % 7;
  check_header(input, piece);
  check_header("\r\n\r\n\0\r\nQUIT\n"s + std::string(input), piece);
  return 0;
}
