#pragma once

// Which format a file of an export has. Pure, any thread.

#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::analytics_files {

enum class export_format : std::uint8_t { csv = 1, ndjson };

[[nodiscard]] std::string_view to_string(export_format format) noexcept;

/// Decided by `told` ("csv", "ndjson"), else by the ending of the name, else by the first
/// character: `{` begins NDJSON. A file that is said or named to be CSV but begins like an array of
/// objects is treated as such an array. errc::bad_request, with advice, for files that cannot be
/// read at all: UTF-16, gzip, a spreadsheet's workbook, a JSON array.
[[nodiscard]] result<export_format> format_of(std::string_view told, std::string_view file_name,
                                              std::string_view beginning);

} // namespace headwater::analytics_files
