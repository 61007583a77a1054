#pragma once

// Text of clients and servers, made fit for a terminal. Pure, any thread.

#include <string>
#include <string_view>

namespace headwater::tools {

/// The text with what a terminal would obey or hide written as JSON escapes it: control characters
/// and line ends as in \u001b, and the format characters of Unicode, such as U+202E, behind which
/// letters run backwards, as \u202e. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace headwater::tools
