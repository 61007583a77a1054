#pragma once

// Rules as lines of CSV, which an import takes back without a difference. Pure.
//
// One column for each field of the table, in its order, named as there. Nothing stands for null and
// "" for an empty text, where a field knows both. Against spreadsheets that take a text for a
// formula, an apostrophe is put in front of one that begins with = + - @, TAB, CR or LF, and of one
// that begins with an apostrophe before another or before those; import takes exactly these off.

#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <string>
#include <string_view>

namespace headwater::attribution {

template <class Rule>
void append_csv_header(std::string& out);

template <class Rule>
void append_csv_row(std::string& out, const Rule& rule, std::string_view account_id);

/// The text as CSV shows it, and back: unguarded(guarded(x)) == x for every x.
[[nodiscard]] std::string guarded(std::string_view text);
[[nodiscard]] std::string_view unguarded(std::string_view text);

} // namespace headwater::attribution
