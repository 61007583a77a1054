#pragma once

// `headwater man`: the manual page headwater(1), made from the same tree of subcommands as --help.

#include <CLI/App.hpp>

#include <string>

namespace headwater::tools {

/// Returns the page with the macros of man(7), in ASCII. It carries the version and no date, so
/// that the same program always writes the same bytes.
[[nodiscard]] std::string manual_page(CLI::App& root);

} // namespace headwater::tools
