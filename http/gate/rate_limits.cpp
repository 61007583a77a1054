#include "http/gate/rate_limits.hpp"

#include "domain/accounts/authorisation.hpp"
#include "http/application.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

steady_nanos steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

error too_many(std::string message, std::chrono::nanoseconds wait) {
  error out{errc::rate_limit_exceeded, std::move(message)};
  out.retry_after = std::max<std::int64_t>(1, whole_seconds(wait));
  return out;
}

/// X-RateLimit-Reset: the Unix second at which the bucket is full.
std::int64_t full_at(const bucket_level& level, micros now) {
  return whole_seconds(std::chrono::microseconds{now} + level.until_full);
}

/// Takes a request from the bucket that it counts in. All who read a page have the token that
/// stands in it, so each of their addresses has a bucket of its own: else one reader could use up
/// what all the others need.
bucket_level count(exchange& x, actors::token_entry& who, const request_rate& rate) {
  const auto& token = who.token;
  if (!accounts::stands_in_pages(token))
    return who.requests.take(rate, steady_now());
  return x.app().page_requests.take({x.client(), static_cast<std::uint64_t>(token.id)}, rate,
                                    steady_now());
}

} // namespace

std::optional<request_rate> rate_of(const accounts::api_token& token, access needed,
                                    std::int64_t by_default) {
  if (!token.rate_limit && needed == access::resolve)
    return std::nullopt;
  const auto requests = token.rate_limit.value_or(by_default);
  if (requests == 0)
    return std::nullopt;
  return request_rate{requests, std::chrono::minutes{1}};
}

result<void> count_request(exchange& x, actors::token_entry& who, access needed, micros now) {
  const auto rate = rate_of(who.token, needed, x.limits().rate_limit);
  if (!rate)
    return {};
  const auto level = count(x, who, *rate);
  x.out.add("X-RateLimit-Limit", rate->requests);
  x.out.add("X-RateLimit-Remaining", level.remaining);
  x.out.add("X-RateLimit-Reset", full_at(level, now));
  x.common_fields = x.out.fields.size();
  if (level.is_admitted)
    return {};
  return too_many("Rate limit exceeded: " + std::to_string(rate->requests) + " requests a minute",
                  level.wait);
}

error failed_login(const exchange& x, error why) {
  const auto a_second = x.limits().failed_logins;
  if (a_second == 0)
    return why;
  const auto level =
      x.app().failed_logins.take({x.client()}, {a_second, std::chrono::seconds{1}}, steady_now());
  return level.is_admitted ? std::move(why)
                           : too_many("Too many requests without a valid token", level.wait);
}

} // namespace headwater::http
