#pragma once

// The one table of routes. It drives matching, 404 and 405 with Allow, OPTIONS, the scope check and
// /openapi.json. Built once at start, immutable afterwards, read by every io thread.

#include "domain/core/error.hpp"
#include "http/server/asio.hpp"
#include "http/server/request.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

class exchange;
struct answer;

/// Determines the format of errors and the base path: rules also under /api/v1, referrals under
/// /v1, pages for people under none.
enum class family : std::uint8_t { rules, referrals, operations, pages };

/// What a token must allow. `anyone` needs no token, `authenticated` any valid one.
enum class access : std::uint8_t { anyone, authenticated, resolve, read, write, admin };

[[nodiscard]] std::string_view to_string(access needed) noexcept;

/// What a listener is for. Without --ops-listen there is one, for everything.
enum class listener_role : std::uint8_t { clients = 1, operators = 2, everything = 3 };

/// Which listeners serve a route, where there are two.
enum class served_on : std::uint8_t { clients = 1, operators = 2, both = 3 };

[[nodiscard]] constexpr bool is_served(served_on route, listener_role by) noexcept {
  return (static_cast<std::uint8_t>(route) & static_cast<std::uint8_t>(by)) != 0;
}

/// The media types that a body or an answer may have besides, or instead of, application/json.
enum class media : std::uint8_t { csv = 1, ndjson, server_sent_events, plain_text };

[[nodiscard]] std::string_view to_string(media type) noexcept;

/// A row of the table: what the declared route (route.hpp) says, and the function that goes through
/// its gate to its handler.
struct endpoint {
  method verb = method::other;
  std::string_view path;
  family kin = family::rules;
  served_on on = served_on::clients;
  access needs = access::admin;
  std::string_view name;
  std::string_view summary;
  std::vector<unsigned short> statuses; ///< every status that a client may get
  std::vector<std::string_view> parameters;
  std::string_view body;
  std::vector<media> body_also;
  std::string_view answers;
  std::vector<media> answers_also;
  bool is_bare = false;  ///< a success has no {"success","data"} around it
  std::string_view meta; ///< schema of what stands beside the data, "" for the usual
  bool tagged = false;   ///< the resource has an ETag
  bool counts = false;   ///< requests with a token count for its rate limit
  std::vector<std::string_view> headers; ///< of a success, besides those that all have
  awaitable<result<answer>> (*serve)(exchange&, const void* declared) = nullptr;
  const void* declared = nullptr; ///< the route, for `serve` to cast back
};

/// Path parameters are decoded; views point into the path or into `decoded`.
struct route_match {
  enum class outcome : std::uint8_t { found, no_path, no_method, bad_escape };

  outcome what = outcome::no_path;
  const endpoint* found = nullptr;
  family kin = family::rules;
  bool head_of_get = false;
  std::string_view allow; ///< for 405 and OPTIONS
  std::array<std::string_view, 4> params{};
  std::string decoded;
};

/// The canonical form of paths that a router treats as equal: without /api/v1 or /v1 in front and
/// without one trailing slash.
[[nodiscard]] std::string_view canonical_path(std::string_view path);

class router {
public:
  /// At most 4 parameters and 8 segments per path. Literal segments win over parameters, and both
  /// over a last segment "{name...}", which takes all the rest of a path, or none of it, as it is
  /// written. All routes of a path are served on the same listeners.
  explicit router(std::vector<endpoint> routes);

  /// Matches into `out`, whose storage is reused. OPTIONS is `no_method` with `allow` set. What the
  /// listener does not serve is `no_path`.
  void match(method verb, std::string_view path, route_match& out,
             listener_role by = listener_role::everything) const;

  [[nodiscard]] std::span<const endpoint> routes() const { return routes_; }
  [[nodiscard]] std::size_t index_of(const endpoint& one) const {
    return static_cast<std::size_t>(&one - routes_.data());
  }

private:
  static constexpr std::size_t max_segments = 8;

  struct entry {
    std::vector<std::string_view> segments; ///< a parameter is an empty view; without a "{name...}"
    family kin;
    served_on on;
    std::string allow;
    std::vector<const endpoint*> methods;
  };

  [[nodiscard]] const entry* find(std::span<const std::string_view> segments, bool rules,
                                  bool referrals) const;
  [[nodiscard]] const entry* find_open_ended(std::span<const std::string_view> segments, bool rules,
                                             bool referrals) const;
  void add(const endpoint& one);

  std::vector<endpoint> routes_;
  std::array<std::vector<entry>, max_segments + 1> entries_; ///< by number of segments
  std::vector<entry> open_ended_; ///< those with a "{name...}"; few, of literal segments alone
};

} // namespace headwater::http
