#pragma once

// A visit, and what it is attributed to. Pure values; any thread.

#include "domain/json/json_writer.hpp"
#include "domain/resolve/channel.hpp"
#include "domain/resolve/step_explanation.hpp"
#include "domain/rules/rule_reference.hpp"
#include "domain/rules/utm.hpp"

#include <cstdint>
#include <optional>
#include <span>
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
  search,
  email,
  social,
  referral,
  continued,
  direct,
};

[[nodiscard]] std::string_view to_string(outcome what);

struct attribution_result {
  attribution::outcome outcome = attribution::outcome::direct;
  bool continues_session = false;
  utm_values utm;
  std::optional<rule_reference> rule; ///< the one that decided
  std::optional<std::string> referrer_host;
  std::optional<std::string> ai_platform;
  std::string known_name; ///< of the source, if it is known: "Google", whatever the spelling
  attribution::channel channel = attribution::channel::direct;
  std::string click_id;                       ///< the parameter of the landing URL; empty: none
  std::vector<step_explanation> explanation;  ///< of the steps tried, if asked for
  std::vector<std::int64_t> regex_limit_hits; ///< ids of mappings whose regex gave up; for a metric
  bool has_dropped_spam = false;              ///< its referrer counted as none; for a metric

  /// What reports call the source: what is not known is called as it is.
  [[nodiscard]] std::string_view source_name() const {
    return known_name.empty() ? utm.source : known_name;
  }
};

/// Appends the JSON object that /resolve answers; `explanation` only if `explain` is set.
void render(json_writer& out, const attribution_result& what, bool explain,
            std::span<const std::string> ignored_fields = {});

} // namespace headwater::attribution
