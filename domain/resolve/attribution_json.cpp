// Implements render() of attribution.hpp.

#include "domain/resolve/attribution.hpp"

namespace headwater::attribution {
namespace {

void write(json_writer& out, const utm_values& utm) {
  out.piece(R"({"utm_source":)").string(utm.source);
  out.piece(R"(,"utm_medium":)").string(utm.medium);
  out.piece(R"(,"utm_campaign":)").string(utm.campaign);
  out.piece(R"(,"utm_term":)").string(utm.term);
  out.piece(R"(,"utm_content":)").string(utm.content).end_object();
}

void write_names(json_writer& out, std::span<const std::string> names) {
  out.begin_array();
  for (const auto& name : names)
    out.string(name);
  out.end_array();
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
  case outcome::search:
    return "search";
  case outcome::email:
    return "email";
  case outcome::social:
    return "social";
  case outcome::referral:
    return "referral";
  case outcome::continued:
    return "continued";
  case outcome::direct:
    return "direct";
  }
  return {};
}

void render(json_writer& out, const attribution_result& what, bool explain,
            std::span<const std::string> ignored_fields) {
  out.begin_object();
  out.piece(R"("outcome":")").piece(to_string(what.outcome));
  out.piece(R"(","continues_session":)").boolean(what.continues_session);
  write(out.piece(R"(,"utm":)"), what.utm);
  out.piece(R"(,"rule":)");
  if (what.rule) {
    out.begin_object();
    write_members(out, *what.rule);
    out.end_object();
  } else {
    out.null();
  }
  out.piece(R"(,"referrer_host":)").string_or_null(what.referrer_host);
  out.piece(R"(,"ai_platform":)").string_or_null(what.ai_platform);
  out.piece(R"(,"source_name":)").string(what.source_name());
  out.piece(R"(,"channel":")").piece(to_string(what.channel));
  out.piece(R"(","click_id":)");
  if (what.click_id.empty())
    out.null();
  else
    out.string(what.click_id);
  if (explain)
    write(out.key("explanation"), what.explanation);
  if (!ignored_fields.empty())
    write_names(out.key("ignored_fields"), ignored_fields);
  out.end_object();
}

} // namespace headwater::attribution
