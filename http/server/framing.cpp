#include "http/server/framing.hpp"

#include "domain/core/text.hpp"
#include "http/server/characters.hpp"
#include "http/server/host.hpp"
#include "http/server/query.hpp"

#include <algorithm>
#include <array>

namespace headwater::http {

namespace {

using characters::all;

/// The request line: visible ASCII and the two spaces that Beast expects.
std::string_view request_line_fault(std::string_view line) {
  for (const char c : line)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
      return "Malformed request line";
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

/// Who asks must be said once: a proxy, the service and its log could each look at another one.
/// With two origins, what a token's allowed_origins judges and what CORS answers could differ.
std::optional<std::string_view> caller_fault(const request_head& head) {
  const auto comes_twice = [&](std::string_view name) {
    return std::ranges::count(head.fields, name, &header_field::name) > 1;
  };
  if (comes_twice("origin"))
    return "More than one Origin header";
  if (comes_twice("authorization"))
    return "More than one Authorization header";
  if (comes_twice("x-api-key"))
    return "More than one X-API-Key header";
  return std::nullopt;
}

bool is_digits(std::string_view text) {
  return !text.empty() && all(text, characters::digit);
}

/// The registered codings (IANA, HTTP Transfer Coding Registry) other than chunked.
bool is_other_coding(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"gzip",     "x-gzip",     "deflate",
                                                  "compress", "x-compress", "identity"};
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return equals_nocase(name, one); });
}

/// Takes the first element of a comma-separated list; an empty one counts.
std::string_view take_element(std::string_view& list) {
  const auto comma = std::min(list.find(','), list.size());
  const auto out = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return out;
}

/// Whether a Transfer-Encoding is a list of known codings, one of which is not chunked. An unknown
/// name does not count as a coding but as an attempt at smuggling, and so does chunked with
/// something around it.
bool names_other_coding(std::string_view list) {
  if (list.ends_with(','))
    return false;
  bool found = false;
  while (!list.empty()) {
    const auto one = take_element(list);
    const auto name = trimmed(one.substr(0, one.find(';')));
    const bool is_other = is_other_coding(name);
    if (!is_other && !equals_nocase(name, "chunked"))
      return false;
    found |= is_other;
  }
  return found;
}

/// Why the length of a body is ambiguous.
std::optional<std::string_view> length_fault(const request_head& head) {
  std::size_t encodings = 0, lengths = 0;
  for (const auto& field : head.fields) {
    if (field.name == "transfer-encoding") {
      ++encodings;
      if (!equals_nocase(field.value, "chunked") && !names_other_coding(field.value))
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

/// The last word of a request line, if it has the form of an HTTP version; else empty.
std::string_view version_of(std::string_view line) {
  const auto word = line.substr(line.rfind(' ') + 1); // all of it if there is no space
  const bool shaped = word.size() == 8 && word.starts_with("HTTP/") &&
                      is_digits(word.substr(5, 1)) && word[6] == '.' &&
                      is_digits(word.substr(7, 1));
  return shaped ? word : std::string_view{};
}

} // namespace

std::string_view field_fault(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t')
    return "Header continuation lines are not accepted";
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0 || !all(line.substr(0, colon), characters::token))
    return "Malformed header field name";
  const auto value = line.substr(colon + 1);
  // Tabs are the only control characters that may stand there.
  if (const auto plain = prefix_without_controls(value);
      !all(value.substr(plain), characters::text))
    return "Control character in a header field";
  return {};
}

head_scan scan_head(std::string_view bytes, std::size_t& resume) {
  for (;;) {
    const auto newline = bytes.find('\n', resume);
    if (newline == bytes.npos) {
      // A lone CR can be judged before its line is complete, so no deadline need be waited for.
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

bool is_head_request(std::string_view bytes) {
  constexpr std::string_view word = "HEAD";
  return bytes.starts_with(word) &&
         characters::prefix(bytes.substr(word.size(), 1), characters::token) == 0;
}

std::optional<std::size_t> later_minor_version(std::string_view head) {
  const auto line = head.substr(0, head.find('\r'));
  const auto word = version_of(line);
  if (!word.starts_with("HTTP/1.") || word == "HTTP/1.1" || word == "HTTP/1.0")
    return std::nullopt;
  return line.size() - 1;
}

bool is_other_version(std::string_view head) {
  const auto word = version_of(head.substr(0, head.find('\r')));
  return !word.empty() && !word.starts_with("HTTP/1.");
}

std::optional<protocol_fault> framing_fault(const request_head& head) {
  auto why = host_fault(head);
  if (!why)
    why = length_fault(head);
  if (!why)
    why = caller_fault(head);
  if (why)
    return protocol_fault{400, "bad_request", *why};
  const auto coding = head.find("transfer-encoding");
  if (coding && !equals_nocase(*coding, "chunked"))
    return protocol_fault{501, "not_implemented", "The only transfer coding is chunked"};
  return std::nullopt;
}

bool wants_to_stay(const request_head& head) {
  bool keeps = head.version != 10;
  for (const auto& field : head.fields) {
    if (field.name != "connection")
      continue;
    for (auto list = field.value; !list.empty();) {
      const auto option = take_element(list);
      if (equals_nocase(option, "close"))
        return false;
      keeps |= equals_nocase(option, "keep-alive");
    }
  }
  return keeps;
}

bool has_content_coding(const request_head& head) {
  for (const auto& field : head.fields) {
    if (field.name != "content-encoding")
      continue;
    for (auto list = field.value; !list.empty();)
      if (const auto one = take_element(list); !one.empty() && !equals_nocase(one, "identity"))
        return true;
  }
  return false;
}

std::string without_needless_escapes(std::string_view path) {
  constexpr std::size_t escape_size = 3;
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    const auto plain = std::min(path.find('%'), path.size());
    out.append(path.substr(0, plain));
    path.remove_prefix(plain);
    const auto escape = path.substr(0, escape_size);
    const auto before = out.size();
    if (!percent_decode(escape, false, out) ||
        !all(std::string_view(out).substr(before), characters::unreserved))
      out.replace(before, out.npos, escape);
    path.remove_prefix(escape.size());
  }
  return out;
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
    if (scheme == target.npos || !(equals_nocase(name, "http") || equals_nocase(name, "https")))
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
