#include "http/ai_referrals_json.hpp"

#include "domain/core/canonical_json.hpp"
#include "domain/core/time.hpp"

namespace headwater::http {

std::string connection_as_json(const actors::listed_connection& of) {
  const auto& identity = of.connection.identity;
  std::optional<std::string> pushed, fault;
  if (of.last_pushed_at != 0)
    pushed = to_rfc3339_seconds(of.last_pushed_at);
  if (!of.last_push_error.empty())
    fault = of.last_push_error;
  canonical_writer out;
  out.begin_object()
      .member("id", identity.id)
      .member("brand_id", identity.brand_id)
      .member("website", identity.website)
      .member("provider", referrals::to_string(identity.provider))
      .member("status", referrals::to_string(of.connection.status))
      .member("created_at", to_rfc3339_seconds(identity.created_at))
      .member("last_pushed_at", pushed)
      .member("last_push_error", fault)
      .end_object();
  return std::move(out).str();
}

std::string push_as_json(const actors::push_outcome& of) {
  canonical_writer out;
  out.begin_object()
      .member("accepted", of.accepted)
      .member("rejected", of.rejected)
      .member("deduplicated", of.deduplicated)
      .key("errors")
      .begin_array();
  for (const auto& message : of.errors)
    out.string(message);
  out.end_array().end_object();
  return std::move(out).str();
}

std::string platforms_as_json(const referrals::platform_list& list) {
  canonical_writer out;
  out.begin_object().member("version", list.version()).key("platforms").begin_array();
  std::string_view current;
  for (const auto& entry : list.entries()) {
    if (entry.platform != current) {
      if (!current.empty())
        out.end_array().end_object();
      current = entry.platform;
      out.begin_object().member("name", current).key("entries").begin_array();
    }
    out.begin_object()
        .member("kind", referrals::to_string(entry.kind))
        .member("value", entry.value)
        .end_object();
  }
  if (!current.empty())
    out.end_array().end_object();
  out.end_array().end_object();
  return std::move(out).str();
}

} // namespace headwater::http
