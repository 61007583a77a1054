#pragma once

// A list of sources as the API shows it. Pure.

#include "domain/json/json_writer.hpp"
#include "domain/lists/source_lists.hpp"

namespace headwater::http {

inline void write_list(json_writer& out, const attribution::list_info& of) {
  out.begin_object();
  out.member("date", of.date).member("entries", static_cast<std::int64_t>(of.entries));
  out.member("file", of.file).member("licence", of.licence).member("name", of.name);
  out.member("origin", of.origin).member("shipped", of.is_shipped).member("title", of.title);
  out.end_object();
}

} // namespace headwater::http
