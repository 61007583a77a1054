#pragma once

// Reads the document of an import: JSON (a list of rules, or what the API answers for a list or an
// export) or CSV. Each row is read, normalised and checked like the body of a create request. Pure
// and slow: 50,000 rows with regexes take seconds.

#include "domain/json/json_reader.hpp"
#include "domain/rules/transfer/rule_import.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace headwater::attribution {

enum class import_format : std::uint8_t { json = 1, csv };

struct import_options {
  std::string account_id; ///< the id of a row that names another account is dropped
  bool strict = false;    ///< unknown fields are faults
  std::size_t most_rows = 50'000;
  std::size_t most_levels = max_json_depth; ///< of JSON
};

/// Faults of rows are part of the result. errc::bad_request for anything but JSON or CSV,
/// errc::payload_too_large for too many rows.
template <class Rule>
[[nodiscard]] result<import_rows<Rule>> read_import(std::string_view text, import_format format,
                                                    const import_options& options);

} // namespace headwater::attribution
