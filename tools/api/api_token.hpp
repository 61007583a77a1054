#pragma once

// Where the subcommands that talk to a server take their token from.

#include "domain/core/error.hpp"

#include <string>

namespace headwater::tools {

/// From the file, else from HEADWATER_TOKEN: never from the command line, which others can see.
/// errc::unauthorized where there is none, errc::io_failed where the file cannot be read.
[[nodiscard]] result<std::string> find_token(const std::string& token_file);

} // namespace headwater::tools
