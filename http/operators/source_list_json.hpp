#pragma once

// A list of sources as the API shows it. Pure.

#include "domain/json/json_writer.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/referrals/platforms/platform_list.hpp"

namespace headwater::http {

inline void write_list(json_writer& out, const attribution::list_info& of) {
  out.begin_object();
  out.member("date", of.date).member("entries", static_cast<std::int64_t>(of.entries));
  out.member("file", of.file).member("licence", of.licence).member("name", of.name);
  out.member("origin", of.origin).member("shipped", of.is_shipped).member("title", of.title);
  out.end_object();
}

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
