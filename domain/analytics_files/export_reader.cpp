#include "domain/analytics_files/export_reader.hpp"

#include "domain/analytics_files/csv_table.hpp"
#include "domain/analytics_files/ndjson_lines.hpp"
#include "domain/core/try.hpp"

namespace headwater::analytics_files {

result<export_tally> read_export(const export_settings& settings, byte_source source,
                                 const export_listener& listener) {
  text_window window(std::move(source));
  CHECK(window.fill());
  TRY(const auto format, format_of(settings.format, settings.file_name, window.text()));
  export_tally tally;
  tally.format = format;
  record_sink sink(settings, listener, tally);
  CHECK(format == export_format::csv ? csv_table(settings.columns, window, sink).read()
                                     : read_ndjson(settings.columns, window, sink));
  if (listener.progress)
    listener.progress(window.dropped());
  return tally;
}

} // namespace headwater::analytics_files
