#include "domain/attribution/resolver.hpp"

namespace headwater::attribution {
namespace {

void write(canonical_writer& out, const utm_values& utm) {
  out.begin_object()
      .key("utm_source")
      .string(utm.source)
      .key("utm_medium")
      .string(utm.medium)
      .key("utm_campaign")
      .string(utm.campaign)
      .key("utm_term")
      .string(utm.term)
      .key("utm_content")
      .string(utm.content)
      .end_object();
}

} // namespace

std::string_view to_string(outcome what) {
  switch (what) {
  case outcome::internal:
    return "internal";
  case outcome::passthrough:
    return "passthrough";
  case outcome::explicit_utm:
    return "explicit_utm";
  case outcome::click_id:
    return "click_id";
  case outcome::mapping:
    return "mapping";
  case outcome::ai_platform:
    return "ai_platform";
  case outcome::referral:
    return "referral";
  case outcome::continued:
    return "continued";
  case outcome::direct:
    return "direct";
  }
  return {};
}

void render(canonical_writer& out, const attribution_result& what, bool explain) {
  out.begin_object();
  out.key("outcome").string(to_string(what.outcome));
  out.key("continues_session").boolean(what.continues_session);
  out.key("utm");
  write(out, what.utm);
  out.key("rule");
  if (what.rule) {
    out.begin_object();
    write_members(out, *what.rule);
    out.end_object();
  } else {
    out.null();
  }
  out.member("referrer_host", what.referrer_host).member("ai_platform", what.ai_platform);
  if (explain) {
    out.key("explanation");
    write(out, what.explanation);
  }
  out.end_object();
}

} // namespace headwater::attribution
