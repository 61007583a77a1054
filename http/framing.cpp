#include "http/framing.hpp"

#include <algorithm>
#include <array>

namespace headwater::http {

namespace {

enum character : std::uint8_t { token = 1, text = 2, host = 4 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> out{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alnum ||
        std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos)
      out[c] |= token;
    if (c == '\t' || (c >= 0x20 && c != 0x7f))
      out[c] |= text;
    if (alnum || (c < 128 &&
                  std::string_view("-._~%!$&'()*+,;=").find(static_cast<char>(c)) !=
                      std::string_view::npos &&
                  c != 0))
      out[c] |= host;
  }
  return out;
}

constexpr auto classes = make_classes();

bool is(char c, character kind) {
  return (classes[static_cast<unsigned char>(c)] & kind) != 0;
}

bool all(std::string_view bytes, character kind) {
  return std::all_of(bytes.begin(), bytes.end(), [kind](char c) { return is(c, kind); });
}

/// The request line: visible ASCII and the two spaces that Beast will look for.
std::string_view request_line_fault(std::string_view line) {
  for (const char c : line)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
      return "Malformed request line";
  return {};
}

std::string_view field_fault(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t')
    return "Header continuation lines are not accepted";
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0 || !all(line.substr(0, colon), token))
    return "Malformed header field name";
  if (!all(line.substr(colon + 1), text))
    return "Control character in a header field";
  return {};
}

std::optional<std::string_view> host_fault(const request_head& head) {
  std::size_t hosts = 0;
  for (const auto& field : head.fields) {
    if (field.name != "host")
      continue;
    ++hosts;
    if (!is_valid_host(field.value))
      return "Invalid Host header";
  }
  if (hosts > 1)
    return "More than one Host header";
  if (hosts == 0 && head.version != 10)
    return "Missing Host header";
  return std::nullopt;
}

bool is_digits(std::string_view value) {
  return !value.empty() &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool equals_chunked(std::string_view value) {
  static constexpr std::string_view word = "chunked";
  return std::equal(value.begin(), value.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

} // namespace

head_scan scan_head(std::string_view bytes, std::size_t& resume) {
  for (;;) {
    const auto newline = bytes.find('\n', resume);
    if (newline == bytes.npos) {
      // A lone CR can be judged before its line is complete, so that nobody waits for a deadline.
      const auto cr = bytes.find('\r', resume);
      if (cr != bytes.npos && cr + 1 < bytes.size())
        return {head_state::malformed, 0, "Bare CR in the request head"};
      return {};
    }
    if (newline == resume || bytes[newline - 1] != '\r')
      return {head_state::malformed, 0, "A line of the request head does not end with CRLF"};
    const auto line = bytes.substr(resume, newline - 1 - resume);
    if (line.empty()) {
      if (resume == 0)
        return {head_state::malformed, 0, "Malformed request line"};
      return {head_state::complete, newline + 1};
    }
    const auto fault = resume == 0 ? request_line_fault(line) : field_fault(line);
    if (!fault.empty())
      return {head_state::malformed, 0, fault};
    resume = newline + 1;
  }
}

bool is_other_version(std::string_view head) {
  const auto line = head.substr(0, head.find('\r'));
  const auto word = line.substr(line.rfind(' ') + 1); // all of it where there is no space
  const bool shaped = word.size() == 8 && word.starts_with("HTTP/") &&
                      is_digits(word.substr(5, 1)) && word[6] == '.' &&
                      is_digits(word.substr(7, 1));
  return shaped && word != "HTTP/1.1" && word != "HTTP/1.0";
}

std::optional<std::string_view> framing_fault(const request_head& head) {
  if (auto fault = host_fault(head))
    return fault;
  std::size_t encodings = 0, lengths = 0;
  for (const auto& field : head.fields) {
    if (field.name == "transfer-encoding") {
      ++encodings;
      if (!equals_chunked(field.value))
        return "Transfer-Encoding must be chunked";
    } else if (field.name == "content-length") {
      ++lengths;
      if (!is_digits(field.value) || field.value.size() > 19)
        return "Invalid Content-Length";
    }
  }
  if (encodings > 1 || lengths > 1)
    return "Ambiguous message length";
  if (encodings == 1 && lengths == 1)
    return "Both Transfer-Encoding and Content-Length";
  if (encodings == 1 && head.version == 10)
    return "Transfer-Encoding on HTTP/1.0";
  return std::nullopt;
}

bool may_be_chunk_line(std::string_view rest, bool after_chunk) {
  constexpr std::string_view crlf = "\r\n";
  if (after_chunk) {
    if (!crlf.starts_with(rest.substr(0, 2)))
      return false;
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));
  }
  const auto digits = std::min(rest.find_first_not_of("0123456789abcdefABCDEF"), rest.size());
  if (rest.empty() || digits == rest.size())
    return digits <= 16;
  const auto end = rest.find_first_of(crlf);
  const bool ends_well = end == rest.npos || crlf.starts_with(rest.substr(end, 2));
  if (digits == 0 || digits > 16 || std::string_view("; \t\r").find(rest[digits]) == rest.npos ||
      !ends_well)
    return false;
  const bool last = rest.find_first_not_of('0') >= digits;
  return !last || end == rest.npos || end + 2 >= rest.size() ||
         crlf.starts_with(rest.substr(end + 2, 2));
}

bool is_valid_host(std::string_view value) {
  std::string_view name = value, port;
  if (value.starts_with('[')) {
    const auto end = value.find(']');
    if (end == value.npos || end < 3)
      return false;
    for (const char c : value.substr(1, end - 1))
      if (c != ':' && c != '.' &&
          !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')))
        return false;
    if (end + 1 == value.size())
      return true;
    if (value[end + 1] != ':')
      return false;
    port = value.substr(end + 2);
  } else {
    const auto colon = value.find(':');
    name = value.substr(0, colon);
    if (name.empty() || name.size() > 255 || !all(name, host))
      return false;
    if (colon == value.npos)
      return true;
    port = value.substr(colon + 1);
  }
  return port.empty() || (is_digits(port) && port.size() <= 5);
}

std::optional<std::string_view> split_target(request_head& head) {
  auto target = head.target;
  if (target == "*") {
    if (head.verb != method::options)
      return "The asterisk target is for OPTIONS only";
    head.path = target;
    head.query = {};
    return std::nullopt;
  }
  if (!target.starts_with('/')) {
    const auto scheme = target.find("://");
    const auto name = target.substr(0, scheme);
    const auto same = [&](std::string_view wanted) {
      return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                        [](char a, char b) { return (a | 0x20) == b; });
    };
    if (scheme == target.npos || !(same("http") || same("https")))
      return "Malformed request target";
    target.remove_prefix(scheme + 3);
    const auto end = std::min(target.find_first_of("/?#"), target.size());
    if (!is_valid_host(target.substr(0, end)))
      return "Invalid host in the request target";
    target.remove_prefix(end);
    if (target.empty())
      target = "/";
  }
  if (target.find('#') != target.npos)
    return "A request target has no fragment";
  const auto mark = target.find('?');
  head.path = target.substr(0, mark);
  head.query = mark == target.npos ? std::string_view{} : target.substr(mark + 1);
  if (head.path.empty())
    head.path = "/";
  return std::nullopt;
}

} // namespace headwater::http
