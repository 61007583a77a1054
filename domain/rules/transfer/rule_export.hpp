#pragma once

// Rules as lines of CSV, which an import reads back unchanged. Pure.
//
// One column for each field of the table, in its order and with its name. An empty field stands for
// null, and "" for an empty text, where a field allows both. Since spreadsheets take some texts for
// formulas, an apostrophe is put before texts that look like one (looks_like_formula), and before
// an apostrophe that precedes another one or such a text; import removes exactly these apostrophes.

#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <string>
#include <string_view>

namespace headwater::attribution {

template <class Rule>
void append_csv_header(std::string& out);

template <class Rule>
void append_csv_row(std::string& out, const Rule& rule, std::string_view account_id);

/// How CSV shows the text, and back: unguarded(guarded(x)) == x for every x.
[[nodiscard]] std::string guarded(std::string_view text);
[[nodiscard]] std::string_view unguarded(std::string_view text);

} // namespace headwater::attribution
