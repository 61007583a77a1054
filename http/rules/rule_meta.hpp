#pragma once

// The `meta` of answers to changes of rules, as pure functions: what was ignored of a body, and
// what became of its texts.

#include "domain/rules/commands/chosen_change.hpp"
#include "domain/rules/transfer/rule_import.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

/// {"as_of":{...},"version"} of a list; without "as_of" where `as_of` is empty. The version is that
/// of the rules shown, on which a change of several of them may be conditional.
[[nodiscard]] std::string list_meta(std::uint64_t version, std::string_view as_of);

/// {"ignored_fields":[...],"normalised":[{"field","sent","stored","message"}]}, each only if there
/// is one, or an empty text.
[[nodiscard]] std::string rule_meta(const std::vector<std::string>& ignored,
                                    const std::optional<attribution::normalised_text>& normalised);

/// The same of an import, whose normalised rows have a "line", with their number in
/// "normalised_count"; and "delimiter" where the document was CSV.
template <class Rule>
[[nodiscard]] std::string import_meta(const attribution::import_rows<Rule>& of);

/// The same of a change of chosen rules, each with its "id"; the first that were normalised.
template <class Rule>
[[nodiscard]] std::string change_meta(const attribution::chosen_change<Rule>& of);

} // namespace headwater::http
