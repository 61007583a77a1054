#include "domain/proofs/merkle.hpp"

#include "domain/core/ordered_bytes.hpp"

#include <algorithm>
#include <bit>

namespace headwater {
namespace {

constexpr char frontier_version = 1;
constexpr std::size_t header_length = 1 + sizeof(std::uint64_t);
constexpr std::size_t hash_length = sizeof(digest);
constexpr std::size_t check_length = 8;

std::string check_of(std::string_view bytes) {
  return std::string(as_bytes(sha256({bytes})).substr(0, check_length));
}

error corrupt(std::string_view why) {
  return {errc::corrupt_log, "Frontier of a Merkle tree: " + std::string(why)};
}

} // namespace

digest merkle_leaf(std::string_view entry) {
  return sha256({std::string_view("\0", 1), entry});
}

digest merkle_node(const digest& left, const digest& right) {
  return sha256({"\1", as_bytes(left), as_bytes(right)});
}

digest empty_merkle_root() {
  return sha256({});
}

digest merkle_frontier::root() const {
  if (peaks_.empty())
    return empty_merkle_root();
  auto hash = peaks_.back();
  for (auto left = peaks_.rbegin() + 1; left != peaks_.rend(); ++left)
    hash = merkle_node(*left, hash);
  return hash;
}

std::string merkle_frontier::encode() const {
  std::string out;
  out.reserve(header_length + peaks_.size() * hash_length + check_length);
  out.push_back(frontier_version);
  append_big_endian(out, size_);
  for (const auto& peak : peaks_)
    out += as_bytes(peak);
  out += check_of(out);
  return out;
}

result<merkle_frontier> merkle_frontier::decode(std::string_view bytes) {
  if (bytes.size() < header_length + check_length)
    return corrupt("too short");
  if (bytes.front() != frontier_version)
    return corrupt("unknown version");
  merkle_frontier out;
  out.size_ = read_big_endian<std::uint64_t>(bytes.substr(1, sizeof(std::uint64_t)));
  const auto count = static_cast<std::size_t>(std::popcount(out.size_));
  if (bytes.size() != header_length + count * hash_length + check_length)
    return corrupt("its length is not that of its size");
  const auto covered = bytes.substr(0, bytes.size() - check_length);
  if (bytes.substr(covered.size()) != check_of(covered))
    return corrupt("its bytes were changed");
  out.peaks_.resize(count);
  auto from = covered.begin() + header_length;
  for (auto& peak : out.peaks_) {
    std::copy_n(from, hash_length, peak.begin());
    from += hash_length;
  }
  return out;
}

} // namespace headwater
