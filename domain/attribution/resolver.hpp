#pragma once

// Where a visit came from: the eleven steps of DESIGN's "Attribution", the first that applies wins.
// Pure and stateless; called on any thread with the account's rule_set.

#include "domain/attribution/ai_platforms.hpp"
#include "domain/attribution/rule_reference.hpp"
#include "domain/attribution/rule_set.hpp"
#include "domain/attribution/step_explanation.hpp"
#include "domain/attribution/utm.hpp"
#include "domain/core/canonical_json.hpp"
#include "domain/core/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

struct visit {
  std::string url;                     ///< of the landing page
  std::optional<std::string> referrer; ///< as the browser gave it
  std::optional<utm_values> session;   ///< of the visitor's live session
  bool operator==(const visit&) const = default;
};

enum class outcome : std::uint8_t {
  internal = 1,
  passthrough,
  explicit_utm,
  click_id,
  mapping,
  ai_platform,
  referral,
  continued,
  direct,
};

[[nodiscard]] std::string_view to_string(outcome what);

struct attribution_result {
  attribution::outcome outcome = attribution::outcome::direct;
  bool continues_session = false;
  utm_values utm;
  std::optional<rule_reference> rule; ///< that decided
  std::optional<std::string> referrer_host;
  std::optional<std::string> ai_platform;
  std::vector<step_explanation> explanation;  ///< the steps tried, if asked for
  std::vector<std::int64_t> regex_limit_hits; ///< ids of mappings that gave up; for a metric
};

/// errc::validation_error, field "body.url", where the visit's URL is not usable (see host_of_url);
/// any other visit has an attribution. `draft` names the rules of a drafted set.
[[nodiscard]] result<attribution_result> resolve(const rule_set& rules,
                                                 const ai_platforms& platforms, const visit& of,
                                                 bool explained,
                                                 const draft_marks* draft = nullptr);

/// Appends the JSON object that /resolve answers; `explanation` only with `explain`.
void render(canonical_writer& out, const attribution_result& what, bool explain);

} // namespace headwater::attribution
