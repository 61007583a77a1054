#pragma once

// What a handler sees of one request and its answer: values and a few awaitables, nothing of Beast.
// One per session, reused; a handler has it for the time of its call, on the session's io thread.

#include "actors/shared/shares.hpp"
#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "http/server/answer.hpp"
#include "http/server/asio.hpp"
#include "http/server/conditional.hpp"
#include "http/server/query.hpp"
#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "http/server/settings.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

class application;
struct io_thread;
struct memory_shares;

/// Bytes of a request's body and pieces of a streamed answer; the session implements it.
class connection_stream {
public:
  /// The whole body. payload_too_large beyond `limit`, before the rest is read.
  virtual awaitable<result<std::string_view>> read_all(std::size_t limit) = 0;
  /// The same, given away: a large body is not copied, and not kept for the next request.
  virtual awaitable<result<std::string>> take_all(std::size_t limit) = 0;
  /// Waits for bytes and appends them; false if these were the last.
  virtual awaitable<result<bool>> read_some(std::string& into) = 0;
  /// Sends a piece of a streamed answer; the first call sends the head. False: no more is wanted.
  virtual awaitable<bool> write_some(std::string_view piece) = 0;
  /// Whether the head of a streamed answer is out.
  [[nodiscard]] virtual bool has_begun() const = 0;
  /// Ends the connection once this answer is out.
  virtual void close_afterwards() = 0;
  /// Ends the connection at once: a streamed answer that cannot go on ends without its last chunk,
  /// so that the client knows it for incomplete.
  virtual void break_off() = 0;
  /// Lets other connections of this io thread have a turn.
  virtual awaitable<void> yield() = 0;
  /// Waits so long. False: the client has gone, or closed its side, or the service is stopping.
  virtual awaitable<bool> pause(std::chrono::milliseconds how_long) = 0;

protected:
  ~connection_stream() = default;
};

class exchange {
public:
  exchange(connection_stream& stream, io_thread& thread, application* app, const settings& limits,
           memory_shares& memory)
      : stream_(stream), thread_(thread), app_(app), limits_(limits), memory_(memory) {}

  // -- the request --------------------------------------------------------------------------------

  request_head head;
  route_match match;
  query parameters;
  std::string request_id;
  /// Turns true when the caller's token is revoked; null before authorise().
  std::shared_ptr<const std::atomic<bool>> caller_is_revoked;
  /// Who is charged for memory: the token's (first) account, or the token of all accounts.
  std::string charged_to;
  /// Which account the caller was let into; empty before.
  std::string entered_account;
  /// If-Match and If-None-Match. A handler of a change hands them to who decides it.
  preconditions condition;
  bool is_untagged_change = false; ///< a change of what has no tag; judged once its body is here

  /// The n-th {parameter} of the path, decoded.
  [[nodiscard]] std::string_view param(std::size_t n) const { return match.params[n]; }
  /// The secret of "Authorization: Bearer" or "X-API-Key"; nothing where neither is there.
  [[nodiscard]] std::optional<std::string_view> credentials() const;
  /// "type/subtype" of Content-Type in lower case, without parameters; empty where absent.
  [[nodiscard]] std::string media_type() const;

  /// Takes memory for a body or an answer of so many bytes, until the answer is sent; small ones
  /// are not counted. errc::service_unavailable where too much is taken already.
  [[nodiscard]] result<void> reserve_body(std::size_t bytes);
  [[nodiscard]] result<void> reserve_answer(std::size_t bytes);
  /// The same for what is given back before the answer is sent: when the last copy goes. More than
  /// one may have counts as all that it may have, so that it can be answered at all.
  [[nodiscard]] result<std::shared_ptr<const void>> borrow_answer(std::size_t bytes);
  /// Gives back what was reserved.
  void release_memory() { reserved_.clear(); }

  /// SHA-256 of a secret. A connection mostly repeats its secret, so the last one is remembered.
  [[nodiscard]] const digest& hash_of(std::string_view secret);

  [[nodiscard]] connection_stream& stream() { return stream_; }
  [[nodiscard]] io_thread& thread() { return thread_; }
  [[nodiscard]] application& app() const { return *app_; }
  [[nodiscard]] const settings& limits() const { return limits_; }

  // -- the answer ---------------------------------------------------------------------------------

  /// The head of an answer that may go out in pieces: say it before the first piece.
  void announce(const answer& head);
  /// The end of such an answer: `rest` behind the pieces, or the whole body, with its length, where
  /// none was sent yet.
  [[nodiscard]] awaitable<answer> finish(answer head, std::string rest);
  /// The same of a JSON answer. (A head made within a co_await expression is what gcc 12 copies
  /// byte by byte.)
  [[nodiscard]] awaitable<answer> finish(std::string rest);

  // The session's: what goes out, and how much of its fields every answer of this request has.
  response out;
  std::size_t common_fields = 0;

private:
  [[nodiscard]] std::string etag_of(const answer& of) const;
  [[nodiscard]] result<std::shared_ptr<const void>> borrow(actors::shares& from,
                                                           std::size_t bytes) const;
  [[nodiscard]] result<void> reserve(actors::shares& from, std::size_t bytes);

  connection_stream& stream_;
  io_thread& thread_;
  application* app_;
  const settings& limits_;
  memory_shares& memory_;
  std::vector<std::shared_ptr<const void>> reserved_;
  std::string last_secret_;
  digest last_hash_{};
};

} // namespace headwater::http
