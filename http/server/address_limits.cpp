#include "http/server/address_limits.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

template <class Bytes>
std::uint64_t leading_bits(const Bytes& of, std::size_t bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    out = out << 8U | of[i];
  return out;
}

} // namespace

counted_address counted(const boost::asio::ip::address& of) {
  if (of.is_v4())
    return {of.to_v4().to_uint(), 4};
  const auto whole = of.to_v6();
  if (whole.is_v4_mapped())
    return {boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, whole).to_uint(), 4};
  return {leading_bits(whole.to_bytes(), 8), 6};
}

address_limits::address_limits(request_rate each, std::size_t capacity)
    : rate_(each), count_(capacity / ways + 1), sets_(std::make_unique<bucket_set[]>(count_)) {}

bucket_level address_limits::take(const counted_address& from, steady_nanos now) {
  auto& in = sets_[keyed_hash<counted_address>{}(from) % count_];
  std::lock_guard hold{in.lock};
  auto at = std::ranges::find(in.buckets, from, &bucket::of);
  if (at == in.buckets.end()) {
    at = std::ranges::min_element(in.buckets, {}, &bucket::full_at);
    *at = {from, always_full};
  }
  return take_one(at->full_at, rate_, now);
}

} // namespace headwater::http
