#include "tools/terminal/given_key.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "tools/terminal/input_file.hpp"

#include <filesystem>

namespace headwater::tools {
namespace {

constexpr std::size_t longest_key = 4096;

error about_key(const error& why) {
  return {why.code, "--key: " + why.message};
}

} // namespace

result<std::optional<note_verifier>> given_key(const std::string& text) {
  if (text.empty())
    return std::optional<note_verifier>{};
  auto key = note_verifier::parse(text);
  std::error_code failed;
  if (!key && std::filesystem::exists(text, failed)) {
    const auto held = read_whole(text, longest_key);
    if (!held)
      return about_key(held.error());
    key = note_verifier::parse(trimmed(*held));
    if (!key)
      return about_key({key.error().code, text + ": " + key.error().message});
  }
  if (!key)
    return about_key(key.error());
  return std::optional{std::move(*key)};
}

} // namespace headwater::tools
