#pragma once

// What operators are told of the list of AI assistants. Pure.

#include "domain/lists/source_lists.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/referrals/platforms/platform_list.hpp"

namespace headwater::http {

/// The list of AI assistants, which is compiled in and no file of --lists.
inline attribution::list_info ai_assistants_list() {
  const auto& shipped = referrals::platform_list::shipped();
  return {.name = "ai-assistants",
          .title = "Matomo's list of AI assistants with Headwater's additions",
          .file = "AIAssistants.yml",
          .origin = "https://github.com/matomo-org/searchengine-and-social-list",
          .date = referrals::allow_list().list_date(),
          .licence = "CC0-1.0",
          .entries = shipped.entries().size()};
}

} // namespace headwater::http
