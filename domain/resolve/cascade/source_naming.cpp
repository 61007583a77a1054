#include "domain/resolve/cascade/source_naming.hpp"

#include <optional>
#include <string_view>

namespace headwater::attribution {
namespace {

// Most visits have a source that is a word, so what is asked of it stands in the order of costs.

/// What a source stands for: an AI platform, something that the lists know, or nothing.
struct meaning {
  std::optional<std::string_view> platform;
  const known_source* known = nullptr;
};

/// Of two answers the one that is closer: "gemini.google.com" is an AI platform on a host of
/// Google's, so hosts are asked there first, and words, which most sources are, among the lists.
meaning meaning_of(const naming& by, std::string_view source, bool is_platform_known) {
  if (source.empty() || source.front() == '(')
    return {};
  const bool is_host = source.find('.') != source.npos;
  if (!is_host)
    if (const auto* known = by.lists.of_source(source))
      return {{}, known};
  if (!is_platform_known)
    if (const auto platform = by.platforms.platform_of_source(source))
      return {platform, nullptr};
  return {{}, is_host ? by.lists.of_source(source) : nullptr};
}

} // namespace

void name_source(const naming& by, const known_source* known, attribution_result& of) {
  // Only basic classification keeps an empty session as it is.
  if (of.utm.empty()) {
    of.known_name = "(direct)";
    of.channel = channel::direct;
    return;
  }
  meaning means;
  if (of.ai_platform)
    means.platform = *of.ai_platform;
  else if (known)
    means.known = known;
  else if (of.outcome != outcome::referral)
    means = meaning_of(by, of.utm.source, of.outcome == outcome::explicit_utm);
  if (means.platform)
    of.known_name = *means.platform;
  else if (means.known)
    of.known_name = means.known->name;
  of.channel = channel_of(
      {.source = of.utm.source,
       .medium = of.utm.medium,
       .campaign = of.utm.campaign,
       .kind = means.known ? std::optional(means.known->kind) : std::nullopt,
       .is_ai = means.platform.has_value(),
       .ai_medium = by.settings.ai_medium,
       .is_mail = of.outcome == outcome::email || (of.outcome == outcome::referral && means.known &&
                                                   means.known->kind == source_kind::email)});
}

} // namespace headwater::attribution
