#include "http/application.hpp"

#include "http/openapi.hpp"

namespace headwater::http {

application::application(actors::service& below)
    : service(below), openapi(openapi_document(all_routes())) {}

std::vector<endpoint> all_routes() {
  std::vector<endpoint> out;
  add_account_routes(out);
  add_api_token_routes(out);
  add_passthrough_referrer_routes(out);
  add_referrer_mapping_routes(out);
  add_rule_transfer_routes(out);
  add_resolve_routes(out);
  add_rule_lint_routes(out);
  add_event_routes(out);
  add_rule_history_routes(out);
  add_proof_routes(out);
  add_ai_referral_routes(out);
  add_ai_batch_routes(out);
  add_ai_platform_routes(out);
  add_snapshot_routes(out);
  add_operation_routes(out);
  return out;
}

std::unique_ptr<server> make_server(application& app, settings limits) {
  auto out = std::make_unique<server>(all_routes(), std::move(limits), &app, &app.service.system());
  app.counters = out->counters();
  return out;
}

} // namespace headwater::http
