#include "http/gate/route.hpp"

#include <set>

namespace headwater::http {

namespace detail {

parameter_names parameters_of(const account_gate& gate) {
  if (gate.where == account_in::query)
    return {"account_id"};
  return {};
}

parameter_names parameters_of(const stream_gate& gate) {
  if (gate.use == stream_use::events)
    return {"account_id?", "connection_id", "stream"};
  return {"of_account", "of_connection", "of_stream"};
}

} // namespace detail

std::vector<unsigned short> statuses_of(const status_sources& from) {
  std::set<unsigned short> all(from.successes.begin(), from.successes.end());
  all.insert(from.refusals.begin(), from.refusals.end());
  all.insert(400);                   // malformed preconditions
  if (from.needed != access::anyone) // 403: by its scope, or its origins
    all.insert({401, 403, 429});
  // Loading an account, and every change, waits for an actor.
  if (from.loads_account || !is_read(from.verb))
    all.insert(503);
  if (from.names_account || from.names_brand)
    all.insert({404, 410});
  if (from.names_stream)
    all.insert(404);
  if (from.names_brand || from.has_input)
    all.insert(422);
  if (from.has_body)
    all.insert({413, 415, 422});
  if (from.tagged && is_read(from.verb))
    all.insert(304);
  if (from.tagged || !is_read(from.verb))
    all.insert(412);
  return {all.begin(), all.end()};
}

} // namespace headwater::http
