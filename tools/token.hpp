#pragma once

// `headwater token create`: a way back in for an operator who has lost the admin token.

#include <filesystem>
#include <string>

namespace headwater::tools {

struct token_options {
  std::filesystem::path data;
  bool allow_readable = false; ///< others may look into `data`
  std::string name = "created on the command line";
  std::string role = "admin";
  bool accept_clock = false; ///< as of `serve`
};

/// Prints the new token. The exit status: 1 with one line on stderr if there is no installation, it
/// is running, or the role is unknown.
[[nodiscard]] int create_token(const token_options& with);

} // namespace headwater::tools
