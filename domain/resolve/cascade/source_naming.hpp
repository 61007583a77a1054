#pragma once

// What a decided visit's source is called and which channel it belongs to. Part of resolver.cpp.

#include "domain/hosts/ai_platforms.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/resolve/attribution.hpp"
#include "domain/rules/attribution_settings.hpp"

namespace headwater::attribution {

struct naming {
  const attribution_settings& settings;
  const ai_platforms& platforms;
  const source_lists& lists;
};

/// Sets known_name and channel from outcome, AI platform and UTM values, which are final.
/// `known` is what the lists say of the source, where a step has found it; null: not looked up.
void name_source(const naming& by, const known_source* known, attribution_result& of);

} // namespace headwater::attribution
