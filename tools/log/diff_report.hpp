#pragma once

// What happened to an account's rules between two points, in words for a person.

#include <string>

namespace headwater::tools {

/// Prints to stdout. `text` is the difference as GET /accounts/ID/diff answers it.
void print_diff(const std::string& account, const std::string& text);

} // namespace headwater::tools
