#include "tools/api/api_token.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "tools/terminal/input_file.hpp"

#include <cstdlib>

namespace headwater::tools {

namespace {

constexpr std::size_t longest_token_file = 4096;

} // namespace

result<std::string> find_token(const std::string& token_file) {
  if (token_file.empty()) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no other threads yet
    if (const char* given = std::getenv("HEADWATER_TOKEN"); given && *given)
      return std::string(given);
    return error(errc::unauthorized, "no token: set HEADWATER_TOKEN or give --token-file");
  }
  TRY(const auto text, read_whole(token_file, longest_token_file));
  auto token = std::string(trimmed(text));
  if (token.empty() || token.find_first_of("\r\n") != token.npos)
    return error(errc::unauthorized, token_file + " holds no token");
  return token;
}

} // namespace headwater::tools
