#include "domain/proofs/checkpoint.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/proofs/base64.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace headwater {
namespace {

constexpr std::size_t fixed_lines = 3;

error bad_checkpoint(const std::string& why) {
  return {errc::validation_error, "checkpoint: " + why};
}

/// Decimal, without sign or leading zeros.
std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (failure != std::errc{} || end != text.data() + text.size() || std::to_string(size) != text)
    return std::nullopt;
  return size;
}

std::optional<digest> parse_root(std::string_view text) {
  const auto bytes = from_base64(text);
  digest root{};
  if (!bytes || bytes->size() != root.size())
    return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), root.begin());
  return root;
}

/// The lines of a text that ends in a newline.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(lines.back().size() + 1);
  }
  return lines;
}

} // namespace

result<std::string> render_body(const checkpoint& value) {
  auto out = value.origin + '\n' + std::to_string(value.size) + '\n' +
             to_base64(as_bytes(value.root)) + '\n';
  for (const auto& line : value.extensions)
    out += line + '\n';
  TRY(const auto read, parse_checkpoint_body(out));
  if (read != value)
    return bad_checkpoint("a newline in the origin or in an extension line");
  return out;
}

result<std::string> render(const checkpoint& value, const signing_key& key) {
  TRY(const auto body, render_body(value));
  return sign_note(body, value.origin, key);
}

result<checkpoint> parse_checkpoint_body(std::string_view body) {
  CHECK(check_note_text(body));
  const auto lines = lines_of(body);
  const auto empty = std::ranges::find(lines, std::string_view{});
  if (empty != lines.end())
    return bad_checkpoint("line " + std::to_string(empty - lines.begin() + 1) + " is empty");
  if (lines.size() < fixed_lines)
    return bad_checkpoint("fewer than three lines: origin, size, root");
  const auto size = parse_size(lines[1]);
  if (!size)
    return bad_checkpoint("the size in line 2 is not a decimal number without leading zeros, or "
                          "exceeds 64 bits: " +
                          quoted_key(lines[1]));
  const auto root = parse_root(lines[2]);
  if (!root)
    return bad_checkpoint("the root in line 3 is not the base64 of 32 bytes: " +
                          quoted_key(lines[2]));
  return checkpoint{std::string(lines[0]), *size, *root,
                    std::vector<std::string>(lines.begin() + fixed_lines, lines.end())};
}

result<checkpoint> parse_checkpoint(std::string_view note, const note_verifier& verifier) {
  TRY(const auto body, open_note(note, verifier));
  auto out = parse_checkpoint_body(body);
  if (out && out->origin != verifier.name())
    return bad_checkpoint("it is of the log " + quoted_key(out->origin) + ", not of " +
                          quoted_key(verifier.name()));
  return out;
}

} // namespace headwater
