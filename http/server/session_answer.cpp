// Implements the answering half of session_impl.hpp.

#include "http/server/framing.hpp"
#include "http/server/session_impl.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace headwater::http {

namespace {

/// A client's own request id is used if it cannot harm a log or a header.
bool is_sane_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == ':' || c == '-';
  });
}

} // namespace

void session::reset_exchange() {
  parser_.reset();
  body_.clear();
  exchange_.head.fields.clear();
  exchange_.head.version = 11;
  exchange_.head.keep_alive = false;
  exchange_.head.content_length.reset();
  exchange_.head.verb = method::other;
  exchange_.request_id.clear();
  exchange_.caller_is_revoked.reset();
  exchange_.caller_expires_at.reset();
  exchange_.charged_to.clear();
  exchange_.entered_account.clear();
  exchange_.condition = {};
  exchange_.match.found = nullptr;
  exchange_.match.kin = family::rules;
  exchange_.out.clear();
  fault_.reset();
  body_charged_ = 0;
  reads_whole_ = false;
  patience_.renew();
  promised_ = false;
  streaming_ = false;
  withheld_ = false;
  packing_.reset();
  packer_.reset();
}

void session::refuse(const protocol_fault& fault) {
  fault_ = fault;
  close_ = true;
}

/// Everything between the head and the handler. False: it has been answered, or fault_ is set.
bool session::route_request() {
  auto& head = exchange_.head;
  auto& match = exchange_.match;
  const auto target = split_target(head);
  if (head.path.find('%') != head.path.npos)
    head.path = plain_path_ = without_needless_escapes(head.path);
  if (!target && head.verb != method::connect)
    context_.routes.match(head.verb, head.path, match, context_.role);
  if (const auto fault = framing_fault(head)) {
    refuse(*fault);
  } else if (head.verb == method::connect) {
    exchange_.out.add("Allow", "GET, HEAD, POST, PATCH, DELETE, OPTIONS");
    refuse({405, "method_not_allowed", "Method Not Allowed"});
  } else if (target) {
    refuse({400, "bad_request", *target});
  } else if (match.what == route_match::outcome::bad_escape ||
             !exchange_.parameters.parse(head.query)) {
    fail(error{errc::bad_request, "Malformed percent escape in the request target"});
  } else if (match.what != route_match::outcome::found) {
    answer_other_method();
  } else if (match.kin == family::operations || match.kin == family::pages) {
    // They are not refused, need no token, and so must not refuse others.
    in_flight_ = false;
    thread_.counters.in_flight.subtract();
    return true;
  } else if (thread_.counters.in_flight.get() > context_.limits.in_flight_limit) {
    fail(error{errc::service_unavailable, "Too many requests in flight"});
  } else {
    return true;
  }
  return false;
}

void session::answer_other_method() {
  const auto& match = exchange_.match;
  if (exchange_.head.path == "*") {
    exchange_.out.add("Allow", "GET, HEAD, POST, PATCH, DELETE, OPTIONS");
    exchange_.out.status = 204;
  } else if (match.what == route_match::outcome::no_path) {
    fail(error{errc::not_found, "Not Found"});
  } else {
    exchange_.out.add("Allow", match.allow);
    if (exchange_.head.verb == method::options)
      exchange_.out.status = 204;
    else
      fail(error{errc::method_not_allowed, "Method Not Allowed"});
  }
}

/// The CORS protocol (fetch.spec.whatwg.org) for the configured origins; none by default.
void session::add_cors() {
  const auto& allowed = context_.limits.cors_origins;
  const auto origin = exchange_.head.value("origin");
  if (allowed.empty() || origin.empty())
    return;
  auto& out = exchange_.out;
  out.varies_by_origin = true;
  const bool any = std::find(allowed.begin(), allowed.end(), "*") != allowed.end();
  if (!any && std::find(allowed.begin(), allowed.end(), origin) == allowed.end())
    return;
  out.add("Access-Control-Allow-Origin", any ? "*" : origin);
  if (exchange_.head.verb != method::options ||
      !exchange_.head.find("access-control-request-method")) {
    out.add("Access-Control-Expose-Headers",
            "X-Request-ID, ETag, Retry-After, Idempotent-Replayed, X-RateLimit-Limit, "
            "X-RateLimit-Remaining, X-RateLimit-Reset");
    return;
  }
  out.add("Access-Control-Allow-Methods", exchange_.match.allow);
  out.add("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, "
                                          "If-None-Match, Prefer, X-API-Key, X-Request-ID");
  out.add("Access-Control-Max-Age", "600");
}

awaitable<void> session::answer() {
  const auto given = exchange_.head.value("x-request-id");
  exchange_.request_id = is_sane_request_id(given) ? std::string(given) : thread_.new_request_id();
  if (fault_) {
    close_ = true;
    parser_.reset();
    co_return;
  }
  const bool found = route_request();
  if (!fault_)
    add_cors();
  exchange_.common_fields = exchange_.out.fields.size();
  if (!found)
    co_return;
  const auto& to = *exchange_.match.found;
  name_dependencies(to);
  std::optional<result<headwater::http::answer>> made;
  try {
    made.emplace(co_await to.serve(exchange_, to.declared));
  } catch (const std::exception& what) {
    spdlog::error("event=handler_failed request_id={} route={} reason=\"{}\"", exchange_.request_id,
                  to.name, what.what());
    made.emplace(error{errc::internal_error, "Internal error"});
  }
  bool is_whole = false;
  try {
    take(*std::move(made));
    if (exchange_.out.coding == body_coding::gzip && !exchange_.out.shared)
      co_await pack();
    is_whole = true;
  } catch (const std::exception& what) {
    spdlog::error("event=answer_failed request_id={} route={} reason=\"{}\"", exchange_.request_id,
                  to.name, what.what());
  }
  if (!packer_)
    packing_.reset();
  exchange_.end_work();
  if (is_whole)
    co_return;
  if (streaming_)
    gone_ = true;
  exchange_.announce({});
  exchange_.out.coding = body_coding::identity;
  fail(error{errc::internal_error, "Internal error"});
}

/// The same for all answers of a route, so that no cache serves one client's form to another.
void session::name_dependencies(const endpoint& of) {
  auto& out = exchange_.out;
  out.is_private = of.needs != access::anyone;
  // What needs no token has one media type.
  out.vary =
      out.is_private ? "Accept, Accept-Encoding, Authorization, X-API-Key" : "Accept-Encoding";
}

/// Turns the handler's result into what is sent.
void session::take(result<headwater::http::answer>&& given) {
  if (given && given->is_sent) {
    if (withheld_)
      withhold(judge_answer());
    return;
  }
  if (!given && streaming_ && status_of(given.error().code) >= 500)
    exchange_.note_broken_off(given.error());
  else if (!given)
    exchange_.note(given.error());
  // An answer that has begun cannot become an error: it ends without its last chunk.
  if (streaming_)
    gone_ = true;
  if (!given) {
    exchange_.announce({});
    fail(given.error());
    choose_coding();
    return;
  }
  // Nothing large waits for its client outside the memory that is meant for it.
  if (const auto covered = exchange_.cover_answer(given->body.size()); !covered) {
    exchange_.announce({});
    fail(covered.error());
    return;
  }
  exchange_.announce(*given);
  exchange_.out.body = std::move(given->body);
  exchange_.out.shared = std::move(given->shared);
  choose_coding();
  withhold(judge_answer());
}

/// Preconditions apply to the answer that there would be without them (RFC 9110, 13.2.1), so a
/// refusal stays as it is. Those of a change were checked where it was decided.
verdict session::judge_answer() const {
  const auto& out = exchange_.out;
  if (!is_read(exchange_.head.verb) || out.status != 200)
    return verdict::send;
  return judge(exchange_.condition, out.etag);
}

/// Replaces the answer by 304 or 412, unless it is to be sent.
void session::withhold(verdict why) {
  auto& out = exchange_.out;
  switch (why) {
  case verdict::send:
    return;
  case verdict::not_modified:
    out.fields.resize(exchange_.common_fields);
    out.status = 304;
    out.content_type = {};
    out.body.clear();
    out.shared.reset();
    out.coding = body_coding::identity;
    packing_.reset();
    packer_.reset();
    return;
  case verdict::failed: {
    std::string message = "The resource is not as If-Match says";
    if (!out.etag.empty())
      message.append(": its ETag is now ").append(out.etag);
    out.coding = body_coding::identity;
    packing_.reset();
    packer_.reset();
    exchange_.announce({});
    fail(error{errc::precondition_failed, std::move(message)});
    return;
  }
  }
}

void session::fail(const error& what) {
  write_error(exchange_.out, exchange_.match.kin, what, exchange_.request_id);
}

/// Whether the connection can take another request: the rest of the body must be here already.
bool session::keeps_connection() {
  if (close_ || thread_.stopping || !exchange_.head.keep_alive)
    return false;
  if (!body_is_read() && (!take_body_bytes() || !body_is_read()))
    return false;
  return true;
}

awaitable<bool> session::reply() {
  if (gone_)
    co_return false;
  auto& out = exchange_.out;
  if (fault_)
    write_error(out, exchange_.match.kin, *fault_, exchange_.request_id);
  // RFC 9110, 15.5.16: if the coding is refused, the answer names one that is accepted.
  if (out.status == 415 && has_content_coding(exchange_.head))
    out.add("Accept-Encoding", "identity");
  close_ = !keeps_connection();
  head_out_.clear();
  append_head(head_out_, out, exchange_.request_id, thread_.date, body_framing::length, close_,
              exchange_.head.version);
  const bool bodiless =
      exchange_.head.verb == method::head || out.status == 204 || out.status == 304;
  co_return co_await send(
      {asio::buffer(head_out_), bodiless ? asio::const_buffer{} : asio::buffer(out.payload()), {}});
}

/// Many clients read nothing before they have sent all of their body. The results of what they have
/// sent so far must not stop them, so the kernel takes as much as it does by default.
void session::let_kernel_take_more() {
  constexpr int as_by_default = 0;
  static_cast<void>(::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                                 &as_by_default, sizeof as_by_default));
}

awaitable<bool> session::write_some(std::string_view piece) {
  if (gone_)
    co_return false;
  const bool chunked = exchange_.head.version != 10;
  head_out_.clear();
  if (!streaming_) {
    choose_coding_of_pieces();
    if (judge_answer() != verdict::send) {
      withheld_ = true;
      co_return false;
    }
    streaming_ = true;
    if (!body_is_read())
      let_kernel_take_more();
    if (!chunked || thread_.stopping || !exchange_.head.keep_alive)
      close_ = true;
    append_head(head_out_, exchange_.out, exchange_.request_id, thread_.date,
                chunked ? body_framing::chunked : body_framing::until_close, close_,
                exchange_.head.version);
  }
  if (exchange_.head.verb == method::head)
    piece = {};
  bool is_sent = false;
  if (packer_ && !piece.empty())
    is_sent = co_await pack_and_send(piece);
  else
    is_sent = co_await send_piece(piece);
  if (!is_sent)
    gone_ = true;
  co_return !gone_ && exchange_.head.verb != method::head;
}

/// Sends head_out_ and a piece as a chunk.
awaitable<bool> session::send_piece(std::string_view piece) {
  const bool chunked = exchange_.head.version != 10;
  std::array<char, 20> size;
  if (chunked && !piece.empty()) {
    const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
    head_out_.append(size.data(), end).append("\r\n");
  }
  const auto tail = chunked && !piece.empty() ? asio::buffer("\r\n", 2) : asio::const_buffer{};
  if (head_out_.empty() && piece.empty())
    co_return true;
  co_return co_await send({asio::buffer(head_out_), asio::buffer(piece), tail});
}

/// Ends a streamed answer. One that failed half-way ends without the last chunk, so that the client
/// knows that it is incomplete.
awaitable<bool> session::finish_stream() {
  if (gone_ || fault_)
    co_return false;
  if (!body_is_read())
    close_ = true;
  if (exchange_.head.verb == method::head)
    co_return true;
  if (packer_) {
    std::string packed;
    packer_->finish(packed);
    head_out_.clear();
    if (!co_await send_piece(packed))
      co_return false;
  }
  if (exchange_.head.version != 10)
    co_return co_await send({asio::buffer("0\r\n\r\n", 5), {}, {}});
  co_return true;
}

void session::record() {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - began_);
  auto& counters = thread_.counters;
  const auto* route = exchange_.match.found;
  const auto index = route ? context_.routes.index_of(*route) : counters.by_route.size() - 1;
  counters.by_route[index].record(exchange_.out.status, took);
  const auto level = exchange_.out.status == 500 ? spdlog::level::warn : spdlog::level::debug;
  if (spdlog::should_log(level))
    spdlog::log(level, "event=request request_id={} route={} method={} status={} us={}",
                exchange_.request_id, route ? route->name : "none", to_string(exchange_.head.verb),
                exchange_.out.status, took.count());
}

} // namespace headwater::http
