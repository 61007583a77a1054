#include "http/server/chunk_reader.hpp"

#include "http/server/characters.hpp"
#include "http/server/framing.hpp"

#include <algorithm>
#include <charconv>

namespace headwater::http {

namespace {

using characters::all;
using characters::prefix;

constexpr std::size_t most_digits = 16; // of 64 bits

/// The bytes up to the first CR or LF.
struct piece_of_line {
  std::string_view text;
  bool is_complete;  ///< CRLF follows
  bool is_malformed; ///< what follows is not CRLF and cannot become it
};

piece_of_line first_line(std::string_view bytes) {
  const auto end = std::min(bytes.find_first_of("\r\n"), bytes.size());
  const auto rest = bytes.substr(end, 2);
  return {bytes.substr(0, end), rest == "\r\n", !std::string_view("\r\n").starts_with(rest)};
}

void skip(std::string_view& text, std::size_t count) {
  text.remove_prefix(count);
}

void skip_blanks(std::string_view& text) {
  skip(text, std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Takes a quoted-string with its quotes. False: it does not end.
bool skip_quoted(std::string_view& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      skip(text, i + 1);
      return true;
    }
    if (text[i] == '\\')
      ++i;
  }
  return false;
}

bool skip_token(std::string_view& text) {
  const auto size = prefix(text, characters::token);
  skip(text, size);
  return size > 0;
}

/// What follows a size: *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ).
bool are_extensions(std::string_view text) {
  while (!text.empty()) {
    skip_blanks(text);
    if (!text.starts_with(';'))
      return false;
    skip(text, 1);
    skip_blanks(text);
    if (!skip_token(text))
      return false;
    auto value = text;
    skip_blanks(value);
    if (!value.starts_with('='))
      continue;
    skip(value, 1);
    skip_blanks(value);
    if (!(value.starts_with('"') ? skip_quoted(value) : skip_token(value)))
      return false;
    text = value;
  }
  return true;
}

/// Whether the part that has arrived may be that of a size line.
bool may_be_size_line(std::string_view text, bool is_whole) {
  const auto digits = prefix(text, characters::hex);
  const auto extensions = text.substr(digits);
  if (digits > most_digits || (digits == 0 && (is_whole || !text.empty())) ||
      !all(extensions, characters::text))
    return false;
  if (is_whole)
    return are_extensions(extensions);
  return extensions.empty() ||
         std::string_view("; \t").find(extensions[0]) != std::string_view::npos;
}

} // namespace

std::size_t chunk_reader::take(std::string_view bytes, std::string& body) {
  std::size_t taken = 0;
  while (progress_ == body_progress::incomplete) {
    const auto size = take_once(bytes.substr(taken), body);
    if (size == 0)
      break;
    taken += size;
  }
  return taken;
}

std::size_t chunk_reader::take_once(std::string_view bytes, std::string& body) {
  switch (step_) {
  case step::size_line:
    return take_size_line(bytes);
  case step::data:
    return take_data(bytes, body);
  case step::end_of_data:
    return take_end_of_data(bytes);
  case step::trailers:
    return take_trailer_line(bytes);
  }
  return fail(body_progress::malformed);
}

std::size_t chunk_reader::fail(body_progress why) {
  progress_ = why;
  return 0;
}

std::size_t chunk_reader::take_size_line(std::string_view bytes) {
  const auto line = first_line(bytes);
  const bool is_whole = line.text.size() < bytes.size();
  if (line.is_malformed || line.text.size() > limits_.line ||
      !may_be_size_line(line.text, is_whole))
    return fail(body_progress::malformed);
  if (!line.is_complete)
    return 0;
  const auto digits = line.text.substr(0, prefix(line.text, characters::hex));
  std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  step_ = left_ == 0 ? step::trailers : step::data;
  return line.text.size() + 2;
}

std::size_t chunk_reader::take_data(std::string_view bytes, std::string& body) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body.append(bytes.substr(0, size));
  left_ -= size;
  if (left_ == 0)
    step_ = step::end_of_data;
  return size;
}

std::size_t chunk_reader::take_end_of_data(std::string_view bytes) {
  const auto line = first_line(bytes);
  if (!line.text.empty() || line.is_malformed)
    return fail(body_progress::malformed);
  if (!line.is_complete)
    return 0;
  step_ = step::size_line;
  return 2;
}

std::size_t chunk_reader::take_trailer_line(std::string_view bytes) {
  const auto line = first_line(bytes);
  const auto size = std::min(line.text.size() + 2, bytes.size());
  if (trailer_bytes_ + size > limits_.trailers)
    return fail(body_progress::trailers_too_large);
  if (line.is_malformed)
    return fail(body_progress::malformed);
  if (!line.is_complete)
    return 0;
  if (line.text.empty()) {
    progress_ = body_progress::complete;
    return size;
  }
  if (!field_fault(line.text).empty())
    return fail(body_progress::malformed);
  if (++trailer_fields_ > limits_.trailer_fields)
    return fail(body_progress::trailers_too_large);
  trailer_bytes_ += size;
  return size;
}

} // namespace headwater::http
