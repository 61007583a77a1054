#include "store/disk/key_file.hpp"

#include "domain/core/try.hpp"
#include "domain/proofs/base64.hpp"
#include "store/disk/files.hpp"

#include <openssl/crypto.h>

#include <sys/stat.h>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "headwater-signing-key 1\n";
constexpr std::size_t file_limit = 4096;
constexpr std::size_t check_digits = 16;
constexpr mode_t for_others = S_IRWXG | S_IRWXO;

/// A text that is wiped when it is destroyed.
class secret_text {
public:
  explicit secret_text(std::string text) : text_(std::move(text)) {}
  ~secret_text() { OPENSSL_cleanse(text_.data(), text_.size()); }
  secret_text(const secret_text&) = delete;
  secret_text& operator=(const secret_text&) = delete;

  [[nodiscard]] std::string_view view() const { return text_; }

private:
  std::string text_;
};

error damaged(const fs::path& path, std::string_view why) {
  return {errc::incompatible_data,
          "the signing key " + path.string() + " is damaged: " + std::string{why}};
}

std::string check_of(std::string_view text) {
  return to_hex(sha256({text})).substr(0, check_digits);
}

/// Takes a line off the front, without its end; nothing if there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == text.npos)
    return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

result<log_key> parse(const fs::path& path, std::string_view text) {
  if (!text.starts_with(first_line))
    return damaged(path, "its first line is not that of a signing key");
  auto rest = text.substr(first_line.size());
  const auto origin = take_line(rest);
  const auto seed = take_line(rest);
  const auto covered = text.substr(0, text.size() - rest.size());
  if (!origin || !seed || rest != check_of(covered) + '\n')
    return damaged(path, "its checksum is not that of its lines");
  const auto bytes = from_base64(*seed);
  if (!bytes)
    return damaged(path, "its third line is not base64");
  const secret_text own{*bytes};
  auto made = make_log_key(*origin, own.view());
  if (!made)
    return damaged(path, made.error().message);
  return made;
}

} // namespace

result<log_key> make_log_key(std::string_view origin, std::string_view seed) {
  TRY(auto key, signing_key::from_seed(seed));
  TRY(auto verifier, note_verifier::make(origin, key.public_key()));
  return log_key{std::move(key), std::move(verifier)};
}

result<std::optional<log_key>> read_key_file(const fs::path& directory) {
  const auto path = key_path(directory);
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    struct stat link {};
    if (errno == ENOENT && ::lstat(path.c_str(), &link) != 0)
      return std::optional<log_key>{};
    return errno_error("cannot look at the signing key", path);
  }
  auto text = read_small_file(path, file_limit);
  if (!text && text.error().code == errc::incompatible_data)
    return damaged(path, "it is too long");
  if (!text)
    return error{text.error().code, "the signing key: " + text.error().message};
  const secret_text own{std::move(*text)};
  TRY(auto key, parse(path, own.view()));
  key.is_exposed = (about.st_mode & for_others) != 0;
  return std::optional{std::move(key)};
}

result<void> write_key_file(const fs::path& directory, std::string_view origin,
                            std::string_view seed) {
  const secret_text encoded{to_base64(seed)};
  auto lines = std::string{first_line}.append(origin).append("\n").append(encoded.view()) + '\n';
  auto check = check_of(lines) + '\n';
  const secret_text text{std::move(lines) + check};
  return write_file_durably(key_path(directory), text.view(), readers::owner);
}

} // namespace headwater::store
