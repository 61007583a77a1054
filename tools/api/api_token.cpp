#include "tools/api/api_token.hpp"

#include "domain/core/text.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace headwater::tools {

result<std::string> find_token(const std::string& token_file) {
  if (token_file.empty()) {
    if (const char* given = std::getenv("HEADWATER_TOKEN"); given && *given)
      return std::string(given);
    return error(errc::unauthorized, "no token: set HEADWATER_TOKEN or give --token-file");
  }
  std::ifstream file;
  if (token_file != "-")
    file.open(token_file, std::ios::binary);
  auto& from = token_file == "-" ? std::cin : file;
  std::string text;
  if (from)
    text.assign(std::istreambuf_iterator<char>(from), {});
  if (!from || from.bad())
    return error(errc::io_failed, "cannot read " + token_file);
  auto token = std::string(trimmed(text));
  if (token.empty() || token.find_first_of("\r\n") != token.npos)
    return error(errc::unauthorized, token_file + " holds no token");
  return token;
}

} // namespace headwater::tools
