#pragma once

// One request and its answer as a handler sees them: values and a few awaitables, nothing of Beast.
// One per session, reused; a handler uses it for the duration of its call, on the session's io
// thread.

#include "actors/shared/shares.hpp"
#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "domain/core/time.hpp"
#include "http/addresses/counted_address.hpp"
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
  /// The same, moved out: a large body is neither copied nor kept for the next request.
  virtual awaitable<result<std::string>> take_all(std::size_t limit) = 0;
  /// Waits for bytes and appends them; false if these were the last ones.
  virtual awaitable<result<bool>> read_some(std::string& into) = 0;
  /// Sends a piece of a streamed answer; the first call also sends the head. False: stop sending.
  virtual awaitable<bool> write_some(std::string_view piece) = 0;
  /// Whether the head of a streamed answer has been sent.
  [[nodiscard]] virtual bool has_begun() const = 0;
  /// Closes the connection after this answer.
  virtual void close_afterwards() = 0;
  /// Closes the connection at once: a streamed answer that cannot continue ends without its last
  /// chunk, so that the client knows that it is incomplete.
  virtual void break_off() = 0;
  /// Whether the client has closed the connection, as far as is known: yield() looks now and then.
  /// Then nobody reads the answer.
  [[nodiscard]] virtual bool is_gone() const = 0;
  /// Gives other connections of this io thread a turn.
  virtual awaitable<void> yield() = 0;
  /// Waits that long. False: the client has gone, or closed its side, or the service is stopping.
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
  listener_role arrived_on = listener_role::everything;
  query parameters;
  std::string request_id;
  asio::ip::address peer; ///< where the connection comes from: a client or its proxy
  /// Turns true when the caller's token is revoked; null before authorise().
  std::shared_ptr<const std::atomic<bool>> caller_is_revoked;
  /// When the caller's token expires; nothing if it does not, and before authorise().
  std::optional<micros> caller_expires_at;
  /// The connection ends once this turns true, whatever the request waits for: for what it holds
  /// (actors::rule_pins). Null: nothing of the kind. Kept until the answer is sent.
  std::shared_ptr<const std::atomic<bool>> called_off;
  /// Whose memory quota is charged: the token's (first) account, or the token if it is for all
  /// accounts.
  std::string charged_to;
  /// The account that the caller has been admitted to; empty before.
  std::string entered_account;
  /// If-Match and If-None-Match. For a change, the handler passes them on to the code that decides
  /// it.
  preconditions condition;
  bool is_untagged_change = false; ///< a change of something without an ETag; checked with its body

  /// The n-th {parameter} of the path, decoded.
  [[nodiscard]] std::string_view param(std::size_t n) const { return match.params[n]; }
  /// The secret from "Authorization: Bearer" or "X-API-Key"; nothing without either.
  [[nodiscard]] std::optional<std::string_view> credentials() const;
  /// "type/subtype" of Content-Type, without parameters and in the client's case (equals_nocase);
  /// empty if absent.
  [[nodiscard]] std::string_view media_type() const;
  /// Where the request comes from: the peer or, if that is a trusted proxy, who X-Forwarded-For
  /// says. Reads the header each time, so ask only when something is to be counted.
  [[nodiscard]] counted_address client() const;

  /// Counts the request, of whoever is charged, against those that its io thread has at work, until
  /// the answer is sent. errc::service_unavailable if half of all that may be at work are, and this
  /// account has its share of the rest already: so many connections of one account leave room for
  /// the others. Call it again after a wait for the client.
  [[nodiscard]] result<void> take_place();
  /// Reserves memory for a body of that size, until the answer is sent; small ones are not counted.
  /// errc::service_unavailable if too much is reserved already.
  [[nodiscard]] result<void> reserve_body(std::size_t bytes);
  /// The same for what a body of that size becomes when it is read into many small values.
  [[nodiscard]] result<void> reserve_parsed(std::size_t bytes);
  /// The same for what has been read into that many bytes. A single body may always be read.
  [[nodiscard]] result<void> reserve_members(std::size_t bytes);
  /// Sees to it that memory for an answer of that size is reserved, until it is sent: call it again
  /// as the answer grows. Small ones are not counted, and the session covers each whole answer
  /// before it sends it. errc::service_unavailable if there is no memory left,
  /// errc::validation_error if the answer is larger than one holder's limit, so that it could never
  /// be sent.
  [[nodiscard]] result<void> cover_answer(std::size_t bytes);
  /// The same for memory that can be released before the answer is sent: when the last copy goes. A
  /// request for more than one holder's limit counts as that limit, so that it can be answered at
  /// all.
  [[nodiscard]] result<std::shared_ptr<const void>> borrow_answer(std::size_t bytes);
  /// The same until the answer is sent, for what it is made from.
  [[nodiscard]] result<void> reserve_answer(std::size_t bytes);
  /// Releases what was reserved or held.
  void release_memory() {
    called_off.reset();
    reserved_.clear();
    place_.reset();
    answer_covered_ = 0;
  }

  // The time that this request's work takes is counted as its account's (account_turns): from
  // begin_work() to end_work(), without the times that it waits for its client or for an actor.

  void begin_work();
  void end_work();
  /// Continues when the account may work: at once, unless it has used much time of late.
  [[nodiscard]] awaitable<void> await_turn();
  /// Whether await_turn() would have to wait.
  [[nodiscard]] bool must_wait() const;

  /// SHA-256 of a secret. Requests of a connection mostly repeat their secret, so the last one is
  /// cached.
  [[nodiscard]] const digest& hash_of(std::string_view secret);

  [[nodiscard]] connection_stream& stream() { return stream_; }
  [[nodiscard]] io_thread& thread() { return thread_; }
  [[nodiscard]] application& app() const { return *app_; }
  [[nodiscard]] const settings& limits() const { return limits_; }

  /// Notes why this request fails: an error of stored data gets a line in the log and is counted.
  void note(const error& why);
  /// The same for an answer that has begun and cannot continue: whatever the reason, a line in the
  /// log says so, because its status said 200.
  void note_broken_off(const error& why);

  // -- the answer ---------------------------------------------------------------------------------

  /// The head of an answer that may be sent in pieces: call it before the first piece.
  void announce(const answer& head);
  /// The end of such an answer: `rest` after the pieces, or the whole body, with its length, if
  /// none has been sent.
  [[nodiscard]] awaitable<answer> finish(answer head, std::string rest);
  /// The same for a JSON answer. (A head made within a co_await expression would be copied byte by
  /// byte by gcc 12.)
  [[nodiscard]] awaitable<answer> finish(std::string rest);

  // For the session: the answer being sent, and how many of its fields every answer to this request
  // has.
  response out;
  std::size_t common_fields = 0;

private:
  [[nodiscard]] std::string_view route_name() const;
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
  std::shared_ptr<const void> place_;
  std::size_t answer_covered_ = 0;
  std::optional<std::chrono::steady_clock::time_point> working_since_;
  friend class waiting_time;
  std::string last_secret_;
  digest last_hash_{};
};

/// The time of a wait, which is nobody's work. As long as it exists, the clock stands still.
class waiting_time {
public:
  explicit waiting_time(exchange& of) : of_(of), was_working_(of.working_since_.has_value()) {
    of_.end_work();
  }
  ~waiting_time() {
    if (was_working_)
      of_.begin_work();
  }
  waiting_time(const waiting_time&) = delete;
  waiting_time& operator=(const waiting_time&) = delete;

private:
  exchange& of_;
  bool was_working_;
};

} // namespace headwater::http
