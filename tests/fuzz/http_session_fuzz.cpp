// libFuzzer target: the bytes that a client sends over one connection, up to the handler. Does what
// a session does with them (http/server/session_io.cpp) without a socket. The same bytes in one
// piece and in many must give the same requests; what is accepted must hold what framing promises,
// and must say the same when it is written down again. tests/fuzz/README.md has the input's
// grammar.

#include "domain/core/text.hpp"
#include "http/server/characters.hpp"
#include "http/server/conditional.hpp"
#include "http/server/framing.hpp"
#include "http/server/host.hpp"
#include "http/server/negotiation.hpp"
#include "http/server/parser.hpp"
#include "http/server/query.hpp"
#include "http/server/router.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <optional>
#include <vector>

using namespace headwater;
using namespace headwater::http;

namespace {

// Smaller than in service, so that a short input meets them.
constexpr std::size_t header_limit = 512;
constexpr std::size_t field_limit = 12;
constexpr std::size_t chunk_line_limit = 40;
constexpr std::size_t body_limit = 256;

endpoint at(method verb, std::string_view path, family kin) {
  endpoint out;
  out.verb = verb;
  out.path = path;
  out.kin = kin;
  return out;
}

/// Paths of every shape that the service has.
const router& routes() {
  static const router all{{
      at(method::get, "/livez", family::operations),
      at(method::get, "/console/{file}", family::operations),
      at(method::get, "/referrer-mappings", family::rules),
      at(method::post, "/referrer-mappings", family::rules),
      at(method::post, "/referrer-mappings/import", family::rules),
      at(method::patch, "/referrer-mappings/{mapping_id}", family::rules),
      at(method::get, "/accounts/{account_id}/diff", family::rules),
      at(method::get, "/{brand_id}/ai-referrals", family::referrals),
      at(method::post, "/{brand_id}/ai-referrals/connections/{connection_id}/events",
         family::referrals),
  }};
  return all;
}

/// A request as the handler sees it, and what a session decides before.
struct seen_request {
  request_head head;
  std::string arena;
  std::string path;
  std::string body;
};

std::string shown(const route_match& match) {
  std::string out = std::to_string(static_cast<int>(match.what)) + " " + std::string(match.allow);
  if (match.what == route_match::outcome::found)
    out += " " + std::string(match.found->path);
  for (const auto param : match.params)
    out.append(" [").append(param).append("]");
  return out;
}

void check_path(const request_head& head, const std::string& path) {
  fuzz::require_equal(without_needless_escapes(path), path,
                      "taking needless escapes away is not stable");
  std::string sent;
  std::string kept;
  const bool good = percent_decode(head.path, false, sent);
  fuzz::require(good == percent_decode(path, false, kept), "an escape is good in one form only",
                path);
  fuzz::require_equal(sent, kept, "a path without needless escapes is another path");
}

void check_query(const query& asked) {
  std::string again;
  for (const auto& [name, value] : asked.items()) {
    const auto escaped = [&again](std::string_view text) {
      constexpr std::string_view digits = "0123456789abcdef";
      for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        again += '%';
        again += digits[byte >> 4U];
        again += digits[byte & 15U];
      }
    };
    again += again.empty() ? "" : "&";
    escaped(name);
    again += '=';
    escaped(value);
  }
  query other;
  fuzz::require(other.parse(again), "an escaped query is not read", again);
  fuzz::require(other.items() == asked.items(), "an escaped query says something else", again);
}

/// What framing promises of every head that it lets through.
void check_head(const request_head& head) {
  fuzz::require(!head.chunked || !head.content_length, "two lengths of one body");
  fuzz::require(!head.chunked || head.version != 10, "chunks in HTTP/1.0");
  std::size_t hosts = 0;
  for (const auto& field : head.fields) {
    hosts += field.name == "host" ? 1 : 0;
    fuzz::require(!field.name.empty() && characters::all(field.name, characters::token),
                  "a field's name", field.name);
    fuzz::require(characters::all(field.value, characters::text), "a field's value", field.value);
    fuzz::require_equal(ascii_lower(field.name), field.name, "a name is not in lower case");
    // RFC 9110, 5.5: white space around a value is no part of it.
    fuzz::require_equal(trimmed(field.value), field.value, "blanks around a value");
  }
  fuzz::require(hosts == 1 || (hosts == 0 && head.version == 10), "one host");
  fuzz::require(is_valid_host(head.find("host").value_or("a")), "an invalid host");
}

/// The head written by somebody tidy says the same.
void check_rewritten(const request_head& head) {
  if (head.verb == method::other)
    return;
  auto text = std::string(to_string(head.verb)) + " " + std::string(head.target) +
              (head.version == 10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& field : head.fields)
    text.append(field.name).append(": ").append(field.value).append("\r\n");
  text += "\r\n";
  std::size_t resume = 0;
  const auto scan = scan_head(text, resume);
  fuzz::require(scan.state == head_state::complete && scan.length == text.size(),
                "a head written again does not scan", text);
  request_head again;
  std::string arena;
  std::string body;
  parser one(again, arena, body, {chunk_line_limit, header_limit, field_limit});
  fuzz::require(one.parse_head(text), "a head written again does not parse", text);
  fuzz::require(!framing_fault(again), "a head written again is refused", text);
  fuzz::require(again.target == head.target && again.chunked == head.chunked &&
                    again.content_length == head.content_length &&
                    again.keep_alive == head.keep_alive &&
                    again.fields.size() == head.fields.size(),
                "a head written again is another", text);
}

/// What is read from an accepted head by pure functions, as text.
std::string shown(const seen_request& of) {
  const auto& head = of.head;
  std::string out = std::string(to_string(head.verb)) + " " + std::to_string(head.version) + " " +
                    std::string(head.target) + " " + of.path + " keeps " +
                    std::to_string(static_cast<int>(head.keep_alive)) + "\n";
  for (const auto& field : head.fields)
    out.append(field.name).append("=").append(field.value).append("\n");
  route_match match;
  routes().match(head.verb, of.path, match);
  out += shown(match) + "\n";
  query asked;
  if (asked.parse(head.query)) {
    check_query(asked);
    for (const auto& [name, value] : asked.items())
      out.append(name).append("=").append(value).append("&");
    (void)asked.boolean("strict", true);
    if (const auto limit = asked.integer("limit", 1, 1'000); limit && *limit)
      fuzz::require(**limit >= 1 && **limit <= 1'000, "a number out of its range");
  }
  if (const auto given = read_preconditions(head)) {
    const bool is_any = given->match && given->match->any;
    fuzz::require(judge(*given, R"("none of these tags 7")") != verdict::failed || !is_any,
                  "If-Match: * failed");
    out += std::to_string(static_cast<int>(judge(*given, R"("7")")));
  }
  const auto accept = head.value("accept");
  const auto csv = quality_of(accept, "text/csv").thousandths;
  fuzz::require(csv >= 0 && csv <= 1000, "a quality out of its range", accept);
  fuzz::require(!prefers_csv(accept) || csv > 0, "CSV is preferred but not acceptable", accept);
  out += quality_of_coding(head.value("accept-encoding"), "gzip") > 0 ? " gzip" : " plain";
  out += has_content_coding(head) ? " coded\n" : "\n";
  return out + of.body;
}

/// One connection. Bytes go in, in any pieces; requests come out as text.
class connection {
public:
  void feed(std::string_view piece) {
    buffer_ += piece;
    while (!is_closed_ && step())
      ;
  }

  [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }
  [[nodiscard]] unsigned status() const { return status_; }
  /// How many bytes the connection took. With a refusal it says nothing.
  [[nodiscard]] std::size_t taken() const { return taken_; }

private:
  /// False: more bytes are needed.
  bool step() { return parser_ ? step_body() : step_head(); }

  bool refuse(unsigned status) {
    status_ = status;
    is_closed_ = true;
    return false;
  }

  void consume(std::size_t count) {
    buffer_.erase(0, count);
    taken_ += count;
  }

  bool step_head() {
    while (resume_ == 0 && buffer_.starts_with("\r\n"))
      consume(2);
    const auto unread = std::string_view(buffer_).substr(0, header_limit);
    const auto scan = scan_head(unread, resume_);
    switch (scan.state) {
    case head_state::incomplete:
      return buffer_.size() < header_limit ? false : refuse(resume_ == 0 ? 414 : 431);
    case head_state::malformed:
      fuzz::require(!scan.reason.empty(), "a refusal without a reason");
      return refuse(400);
    case head_state::complete:
      break;
    }
    fuzz::require(scan.length <= header_limit, "a head beyond its limit");
    return take_head(unread.substr(0, scan.length));
  }

  bool take_head(std::string_view bytes) {
    if (is_other_version(bytes))
      return refuse(505);
    request_.emplace();
    auto& head = request_->head;
    parser_.emplace(head, request_->arena, request_->body,
                    chunk_reader::bounds{chunk_line_limit, header_limit, field_limit});
    if (!parser_->parse_head(bytes))
      return refuse(400);
    const bool says_head = is_head_request(bytes);
    consume(bytes.size());
    resume_ = 0;
    fuzz::require(says_head == (head.verb == method::head), "HEAD is seen in one way only");
    if (head.fields.size() > field_limit)
      return refuse(431);
    if (const auto fault = framing_fault(head))
      return refuse(fault->status);
    if (split_target(head))
      return refuse(400);
    check_head(head);
    check_rewritten(head);
    request_->path = without_needless_escapes(head.path);
    check_path(head, request_->path);
    if (head.content_length.value_or(0) > body_limit)
      return refuse(413);
    return true;
  }

  bool step_body() {
    if (parser_->progress() == body_progress::incomplete)
      consume(parser_->parse_body(buffer_));
    switch (parser_->progress()) {
    case body_progress::incomplete:
      return request_->body.size() > body_limit ? refuse(413) : false;
    case body_progress::malformed:
      return refuse(400);
    case body_progress::trailers_too_large:
      return refuse(431);
    case body_progress::complete:
      break;
    }
    if (request_->body.size() > body_limit)
      return refuse(413);
    fuzz::require(request_->head.content_length.value_or(request_->body.size()) ==
                      request_->body.size(),
                  "a body is shorter than it was announced");
    requests_.push_back(shown(*request_));
    is_closed_ = !request_->head.keep_alive;
    parser_.reset();
    return !is_closed_;
  }

  std::string buffer_;
  std::size_t resume_ = 0;
  std::size_t taken_ = 0;
  std::optional<seen_request> request_;
  std::optional<parser> parser_;
  std::vector<std::string> requests_;
  unsigned status_ = 0;
  bool is_closed_ = false;
};

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto stream = fuzz::text_of(data, size);
  const auto cuts = fuzz::take_line(stream);
  connection whole;
  whole.feed(stream);
  connection pieces;
  auto rest = stream;
  for (std::size_t i = 0; !rest.empty(); ++i) {
    const auto length = cuts.empty() ? 1 : static_cast<unsigned char>(cuts[i % cuts.size()]) % 64;
    const auto piece = rest.substr(0, std::max<std::size_t>(length, 1));
    pieces.feed(piece);
    rest.remove_prefix(piece.size());
  }
  // A chunked body that is both too long and malformed is refused for what is met first.
  const bool is_too_large = whole.status() == 413 || pieces.status() == 413;
  fuzz::require(whole.status() == pieces.status() ||
                    (is_too_large && whole.status() != 0 && pieces.status() != 0),
                "pieces are refused otherwise than the whole",
                std::to_string(whole.status()) + " and " + std::to_string(pieces.status()));
  fuzz::require(whole.requests().size() == pieces.requests().size(),
                "pieces give another number of requests");
  for (std::size_t i = 0; i < whole.requests().size(); ++i)
    fuzz::require_equal(whole.requests()[i], pieces.requests()[i], "pieces give another request");
  fuzz::require(whole.status() != 0 || whole.taken() == pieces.taken(),
                "pieces end at another byte");
  return 0;
}
