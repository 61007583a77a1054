#pragma once

// What handlers use besides their exchange: the service below, and what was made from settings and
// tables at start. Has the same owner as the server; immutable except for the lists of sources and
// for what counts clients: those that read events for long, and failed logins. Used by every io
// thread.

#include "actors/service.hpp"
#include "actors/shared/shares.hpp"
#include "domain/lists/source_lists.hpp"
#include "http/addresses/address_limits.hpp"
#include "http/console/console_files.hpp"
#include "http/server/router.hpp"
#include "http/server/server.hpp"
#include "http/server/shared_body.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace headwater::http {

class application {
public:
  explicit application(actors::service& below,
                       std::shared_ptr<const attribution::source_lists> sources =
                           attribution::source_lists::shipped());

  actors::service& service;
  /// Replaced whole while requests are served; each request takes it once.
  std::atomic<std::shared_ptr<const attribution::source_lists>> lists;
  const shared_body_ptr openapi;           ///< the document served at /openapi.json
  const std::string openapi_tag;           ///< its ETag
  std::shared_ptr<const metrics> counters; ///< set by make_server
  std::string version;                     ///< of the program; set by make_server
  /// Clients that follow events: a quarter of the seats for an account, and half of all only for
  /// accounts that have none yet, so that as many accounts as half the seats are needed to take
  /// all.
  std::unique_ptr<actors::shares> followers;
  actors::shares long_readers{100, 25};         ///< clients that read events as NDJSON
  shared_page metrics_page;                     ///< what /metrics shows
  std::unique_ptr<const console_files> console; ///< set by make_server
  address_limits failed_logins;                 ///< requests without a valid token
  /// Requests with tokens that have a limit of their own and stand in pages.
  address_limits page_requests{65'536};

private:
  [[nodiscard]] std::string render_metrics() const;
};

/// Every route of the service.
[[nodiscard]] std::vector<endpoint> all_routes();

// The families of routes, one line each: add_NAME_routes() is in the family's own file.
#define HEADWATER_FAMILIES(FAMILY)                                                                 \
  FAMILY(account)                                                                                  \
  FAMILY(api_token)                                                                                \
  FAMILY(passthrough_referrer)                                                                     \
  FAMILY(referrer_mapping)                                                                         \
  FAMILY(chosen_rule)                                                                              \
  FAMILY(rule_transfer)                                                                            \
  FAMILY(preset)                                                                                   \
  FAMILY(resolve)                                                                                  \
  FAMILY(source)                                                                                   \
  FAMILY(rule_lint)                                                                                \
  FAMILY(event)                                                                                    \
  FAMILY(rule_history)                                                                             \
  FAMILY(attribution_settings)                                                                     \
  FAMILY(proof)                                                                                    \
  FAMILY(ai_referral)                                                                              \
  FAMILY(ai_batch)                                                                                 \
  FAMILY(ai_platform)                                                                              \
  FAMILY(snapshot)                                                                                 \
  FAMILY(page)                                                                                     \
  FAMILY(operation)

#define HEADWATER_DECLARE_FAMILY(NAME) void add_##NAME##_routes(std::vector<endpoint>& to);
HEADWATER_FAMILIES(HEADWATER_DECLARE_FAMILY)
#undef HEADWATER_DECLARE_FAMILY

/// A server with all routes over `app`, which must outlive it.
[[nodiscard]] std::unique_ptr<server> make_server(application& app, settings limits);

} // namespace headwater::http
