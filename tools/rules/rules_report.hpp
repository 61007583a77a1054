#pragma once

// What the server answered to an import or an export, in words for a person.

#include "tools/api/api_client.hpp"

#include <string>

namespace headwater::tools {

/// What changed, or would, on stdout. False, with a line on stderr, where it is no such answer.
[[nodiscard]] bool report_import(const api_answer& answer);

/// Why the server refused, on stderr: one line, and one for each fault of the file.
void report_refusal(const std::string& file, const api_answer& answer);

} // namespace headwater::tools
