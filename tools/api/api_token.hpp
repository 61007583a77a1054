#pragma once

// Where the subcommands that talk to a server get their token.

#include "domain/core/error.hpp"

#include <string>

namespace headwater::tools {

/// From the file, or else from HEADWATER_TOKEN, but never from the command line, which others can
/// see. errc::unauthorized if there is none, errc::io_failed if the file cannot be read.
[[nodiscard]] result<std::string> find_token(const std::string& token_file);

} // namespace headwater::tools
