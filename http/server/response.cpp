#include "http/server/response.hpp"

#include "domain/core/text.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace headwater::http {

namespace {

using namespace std::string_view_literals;

void append_number(std::string& out, std::size_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// RFC 9110, 8.6: no Content-Length on 1xx and 204.
bool has_no_body(unsigned short status) {
  return status < 200 || status == 204 || status == 304;
}

/// Answers with a validator must be revalidated each time, which 304 makes cheap, unless they never
/// change, and say what they depend on. The rest is not stored, so Vary would be of no use there
/// (RFC 9110, 12.5.5).
void append_caching(std::string& out, const response& of) {
  if (of.etag.empty()) {
    out.append("Cache-Control: no-store\r\n"sv);
    if (of.varies_by_origin)
      out.append("Vary: Origin\r\n"sv);
    return;
  }
  if (of.is_immutable)
    out.append("Cache-Control: public, max-age=31536000, immutable\r\n"sv);
  else
    out.append(of.is_private ? "Cache-Control: private, no-cache\r\n"sv
                             : "Cache-Control: no-cache\r\n"sv);
  out.append("Vary: "sv).append(of.vary).append(of.varies_by_origin ? ", Origin\r\n"sv : "\r\n"sv);
}

} // namespace

void append_field(std::string& to, std::string_view name, std::string_view value) {
  const auto plain = prefix_without_controls(value);
  if (value.find_first_of("\r\n\0"sv, plain) != value.npos)
    return;
  to.append(name).append(": ").append(value).append("\r\n");
}

void response::add(std::string_view name, std::string_view value) {
  append_field(fields, name, value);
}

void response::add(std::string_view name, std::int64_t value) {
  fields.append(name).append(": ");
  append_number(fields, static_cast<std::size_t>(value));
  fields.append("\r\n");
}

void response::clear() {
  status = 200;
  content_type = "application/json";
  fields.clear();
  etag.clear();
  vary = {};
  varies_by_origin = is_private = is_immutable = false;
  coding = body_coding::identity;
  body.clear();
  shared.reset();
}

std::string_view reason_phrase(unsigned short status) noexcept {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 303:
    return "See Other";
  case 304:
    return "Not Modified";
  case 308:
    return "Permanent Redirect";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 410:
    return "Gone";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 422:
    return "Unprocessable Content";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 503:
    return "Service Unavailable";
  case 505:
    return "HTTP Version Not Supported";
  default:
    return "";
  }
}

void append_head(std::string& out, const response& from, std::string_view request_id,
                 std::string_view date, body_framing framing, bool close, unsigned version) {
  out.append("HTTP/1.1 "sv);
  append_number(out, from.status);
  out.push_back(' ');
  out.append(reason_phrase(from.status)).append("\r\nDate: "sv).append(date);
  if (!from.content_type.empty() && !has_no_body(from.status))
    out.append("\r\nContent-Type: "sv).append(from.content_type);
  out.append("\r\nX-Request-ID: "sv).append(request_id).append("\r\n"sv);
  out.append(from.fields);
  if (!from.etag.empty())
    append_field(out, "ETag", from.etag);
  append_caching(out, from);
  // RFC 6797: browsers that came by TLS once do not come without it for a year.
  out.append(from.is_over_tls ? "X-Content-Type-Options: nosniff\r\n"
                                "Strict-Transport-Security: max-age=31536000\r\n"sv
                              : "X-Content-Type-Options: nosniff\r\n"sv);
  if (from.coding != body_coding::identity && !has_no_body(from.status))
    out.append(from.coding == body_coding::gzip ? "Content-Encoding: gzip\r\n"sv
                                                : "Content-Encoding: br\r\n"sv);
  if (framing == body_framing::chunked) {
    out.append("Transfer-Encoding: chunked\r\n"sv);
  } else if (framing == body_framing::length && !has_no_body(from.status)) {
    out.append("Content-Length: "sv);
    append_number(out, from.payload().size());
    out.append("\r\n"sv);
  }
  if (close)
    out.append("Connection: close\r\n"sv);
  else if (version == 10)
    out.append("Connection: keep-alive\r\n"sv);
  out.append("\r\n"sv);
}

std::string http_date(std::int64_t seconds) {
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t at = seconds;
  std::tm utc{};
  gmtime_r(&at, &utc);
  const auto two = [](int value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  return std::string(days[static_cast<std::size_t>(utc.tm_wday)]) + ", " + two(utc.tm_mday) + " " +
         months[static_cast<std::size_t>(utc.tm_mon)] + " " + std::to_string(utc.tm_year + 1900) +
         " " + two(utc.tm_hour) + ":" + two(utc.tm_min) + ":" + two(utc.tm_sec) + " GMT";
}

} // namespace headwater::http
