#pragma once

// The server's answer to an import or an export, in words for a person.

#include "tools/api/api_client.hpp"

#include <string>

namespace headwater::tools {

/// Prints what changed, or would change, on stdout. False, with a line on stderr, if it is not such
/// an answer.
[[nodiscard]] bool report_import(const api_answer& answer);

/// Prints on stderr why the server refused: one line, and one for each fault of the file.
void report_refusal(const std::string& file, const api_answer& answer);

} // namespace headwater::tools
