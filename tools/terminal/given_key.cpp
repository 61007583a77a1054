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
    return about_key({key.error().code, key.error().message + ", and there is no file " + text});
  return std::optional{std::move(*key)};
}

result<std::optional<checkpoint>> given_checkpoint(const std::string& file,
                                                   const std::optional<note_verifier>& key) {
  if (file.empty())
    return std::optional<checkpoint>{};
  if (!key)
    return error{errc::validation_error,
                 "there is no signing key to check " + file + " with; give --key"};
  TRY(auto note, read_whole(file, max_note_bytes));
  // Programs that save a text often add line ends.
  note.erase(note.find_last_not_of("\r\n") + 1);
  note += '\n';
  auto held = parse_checkpoint(note, *key);
  if (!held)
    return error{errc::validation_error, file + ": " + held.error().message +
                                             "; it was checked with the key " + key->to_string()};
  return std::optional{std::move(*held)};
}

} // namespace headwater::tools
