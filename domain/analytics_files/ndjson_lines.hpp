#pragma once

// The lines of an NDJSON export. Owned by one read_export() call.

#include "domain/analytics_files/record_sink.hpp"

namespace headwater::analytics_files {

/// Reads to the end of the window's source; blank lines are skipped.
[[nodiscard]] result<void> read_ndjson(const column_names& columns, text_window& window,
                                       record_sink& sink);

} // namespace headwater::analytics_files
