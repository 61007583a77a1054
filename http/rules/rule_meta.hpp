#pragma once

// The `meta` of answers to changes of rules, as pure functions: what was ignored of a body, and
// what became of its texts.

#include "domain/rules/transfer/rule_import.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headwater::http {

/// {"ignored_fields":[...],"normalised":[{"field","sent","stored","message"}]}, each only if there
/// is one, or an empty text.
[[nodiscard]] std::string rule_meta(const std::vector<std::string>& ignored,
                                    const std::optional<attribution::normalised_text>& normalised);

/// The same of an import, whose normalised rows have a "line", with their number in
/// "normalised_count"; and "delimiter" where the document was CSV.
template <class Rule>
[[nodiscard]] std::string import_meta(const attribution::import_rows<Rule>& of);

} // namespace headwater::http
