#pragma once

// What a file of an export is. Pure, any thread.

#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::analytics_files {

enum class export_format : std::uint8_t { csv = 1, ndjson };

[[nodiscard]] std::string_view to_string(export_format format) noexcept;

/// By `told` ("csv", "ndjson"), else by the ending of the name, else by the first character: `{`
/// begins NDJSON. What is told or named as CSV and begins as an array of objects is one.
/// errc::bad_request, with what to do, for what cannot be read at all: UTF-16, gzip, a workbook of
/// a spreadsheet, a JSON array.
[[nodiscard]] result<export_format> format_of(std::string_view told, std::string_view file_name,
                                              std::string_view beginning);

} // namespace headwater::analytics_files
