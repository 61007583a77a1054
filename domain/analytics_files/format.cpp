#include "domain/analytics_files/format.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace headwater::analytics_files {
namespace {

struct unreadable {
  std::string_view magic;
  std::string_view why;
};

constexpr std::string_view utf16 = "is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 FILE";

constexpr std::array unreadables = {
    unreadable{"\xFF\xFE", utf16},
    unreadable{"\xFE\xFF", utf16},
    unreadable{"\x1F\x8B", "is compressed; unpack it first: zcat FILE"},
    unreadable{"PK\x03\x04", "is a workbook or an archive; save the sheet as CSV in UTF-8"},
};

/// UTF-16 without a byte order mark has a zero byte next to each ASCII character.
bool has_early_zero(std::string_view text) {
  constexpr std::size_t enough = 64;
  return text.substr(0, enough).find('\0') != text.npos;
}

/// A CSV header may begin with "[" too, but not followed by one of these.
bool is_json_array(std::string_view beginning) {
  if (!beginning.starts_with('['))
    return false;
  const auto rest = trimmed(beginning.substr(1));
  return rest.starts_with('{') || rest == "]";
}

std::optional<export_format> by_name(std::string_view told, std::string_view file_name) {
  const auto name = ascii_lower(file_name);
  const auto ends = [&](std::string_view with) { return name.ends_with(with); };
  if (told == "csv" ||
      (told.empty() && (ends(".csv") || ends(".tsv") || ends(".tab") || ends(".txt"))))
    return export_format::csv;
  if (told == "ndjson" || (told.empty() && (ends(".ndjson") || ends(".jsonl"))))
    return export_format::ndjson;
  return std::nullopt;
}

} // namespace

std::string_view to_string(export_format format) noexcept {
  switch (format) {
  case export_format::csv:
    return "csv";
  case export_format::ndjson:
    return "ndjson";
  }
  return "";
}

result<export_format> format_of(std::string_view told, std::string_view file_name,
                                std::string_view beginning) {
  for (const auto& each : unreadables)
    if (beginning.starts_with(each.magic))
      return error(errc::bad_request, std::string(each.why));
  if (has_early_zero(beginning))
    return error(errc::bad_request, std::string(utf16));
  if (beginning.starts_with("\xEF\xBB\xBF"))
    beginning.remove_prefix(3);
  beginning = trimmed(beginning);
  const auto named = by_name(told, file_name);
  const bool is_array =
      named == export_format::csv ? is_json_array(beginning) : beginning.starts_with('[');
  if (is_array)
    return error(errc::bad_request,
                 "is a JSON array; make it one object a line first: jq -c '.[]' FILE");
  if (named)
    return *named;
  return beginning.starts_with('{') ? export_format::ndjson : export_format::csv;
}

} // namespace headwater::analytics_files
