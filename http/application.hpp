#pragma once

// What handlers work with besides their exchange: the service below, and what was made of settings
// and tables once at start. Owned by whoever owns the server; immutable but for the seats of
// those who read events for long, used by every io thread.

#include "actors/service.hpp"
#include "actors/shares.hpp"
#include "domain/referrals/allow_list.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headwater::http {

class application {
public:
  explicit application(actors::service& below);

  actors::service& service;
  const referrals::allow_list platforms;
  const std::string openapi;               ///< the document that /openapi.json answers
  std::shared_ptr<const metrics> counters; ///< set by make_server
  actors::shares followers{100, 25};       ///< seats of those who follow events; 25 of one account
  actors::shares long_readers{100, 25};    ///< and of those who read them as NDJSON
};

/// Every route of the service.
[[nodiscard]] std::vector<endpoint> all_routes();

// The routes of each family, in the file of that name.
void add_account_routes(std::vector<endpoint>& to);
void add_api_token_routes(std::vector<endpoint>& to);
void add_passthrough_referrer_routes(std::vector<endpoint>& to);
void add_referrer_mapping_routes(std::vector<endpoint>& to);
void add_rule_transfer_routes(std::vector<endpoint>& to);
void add_resolve_routes(std::vector<endpoint>& to);
void add_rule_lint_routes(std::vector<endpoint>& to);
void add_event_routes(std::vector<endpoint>& to);
void add_rule_history_routes(std::vector<endpoint>& to);
void add_proof_routes(std::vector<endpoint>& to);
void add_ai_referral_routes(std::vector<endpoint>& to);
void add_ai_batch_routes(std::vector<endpoint>& to);
void add_ai_platform_routes(std::vector<endpoint>& to);
void add_snapshot_routes(std::vector<endpoint>& to);
void add_operation_routes(std::vector<endpoint>& to);

/// A server of all routes over `app`, which must outlive it.
[[nodiscard]] std::unique_ptr<server> make_server(application& app, settings limits);

} // namespace headwater::http
