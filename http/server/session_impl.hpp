#pragma once

// The session's class, for session*.cpp only (it needs Beast).

#include "http/server/error_response.hpp"
#include "http/server/exchange.hpp"
#include "http/server/gzip.hpp"
#include "http/server/io_thread.hpp"
#include "http/server/parser.hpp"
#include "http/server/patience.hpp"
#include "http/server/session.hpp"
#include "http/tls/tls_channel.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace headwater::http {

// The states of a connection:
//
//   header     --PROXY header read, or none due------> idle       (learn_source())
//   header     --malformed, header_timeout, stop()---> closed
//   handshake  --done--------------------------------> idle       with TLS only
//   handshake  --header_timeout, stop()--------------> closed
//   idle       --first byte--------------------------> head
//   idle       --idle_timeout, stop()----------------> closed     or, if the first byte has just
//                                                                 come, head; close_ is set
//   head       --blank line--------------------------> handler
//   head       --malformed, too long, header_timeout-> reply      with fault_; close_ is set
//   handler    --returns an answer-------------------> reply      whole, with its length
//   handler    --write_some()------------------------> streaming  (streaming_) in pieces
//   streaming  --the handler returns-----------------> reply      the last chunk
//   reply      --keeps_connection()------------------> idle
//   reply      --else--------------------------------> linger --> closed
//   any        --gone_: reset, failed send, abandon()> closed
//
// close_: this answer still goes out, then the connection ends, after reading on for a while
// (linger) so that the client sees the answer and not a reset. gone_: nothing can be sent any more,
// so there is no lingering. The connection is kept only if the whole body was read, since what
// follows an unread body would be taken for the next request.
//
// One deadline at a time: header_timeout for the PROXY header and for the handshake of TLS,
// idle_timeout before the first byte, header_timeout until the blank line, body_timeout for
// read_all(), stream_timeout for each read_some() or send(), drain_timeout in linger(). The io
// thread's tick calls expire() when it has passed, which cancels the socket's operation.
class session final : public timed, public connection_stream {
public:
  session(io_thread& thread, const session_context& context, socket connection);
  ~session();

  awaitable<void> run();

  void expire() override;
  void stop() override;
  void give_way() override;
  void abandon() override;
  [[nodiscard]] bool is_called_off() const override {
    return !gone_ && exchange_.called_off && exchange_.called_off->load(std::memory_order_relaxed);
  }

  awaitable<result<std::string_view>> read_all(std::size_t limit) override;
  result<void> make_room();
  result<void> charge_body(std::size_t room);
  [[nodiscard]] std::size_t next_read() const;
  void keep_small_buffers();
  awaitable<result<std::string>> take_all(std::size_t limit) override;
  awaitable<result<bool>> read_some(std::string& into) override;
  awaitable<bool> write_some(std::string_view piece) override;
  [[nodiscard]] bool has_begun() const override { return streaming_; }
  void close_afterwards() override { close_ = true; }
  void break_off() override { gone_ = true; }
  [[nodiscard]] bool is_gone() const override { return gone_; }
  awaitable<void> yield() override;
  awaitable<bool> pause(std::chrono::milliseconds how_long) override;

private:
  /// A wait for the client: neither its account's work nor a request in flight.
  class client_wait {
  public:
    explicit client_wait(session& of) : of_(of), clock_(of.exchange_) {
      if (of_.in_flight_)
        of_.thread_.counters.in_flight.subtract();
    }
    ~client_wait() {
      if (of_.in_flight_)
        of_.thread_.counters.in_flight.add();
    }
    client_wait(const client_wait&) = delete;
    client_wait& operator=(const client_wait&) = delete;

  private:
    session& of_;
    waiting_time clock_;
  };

  enum class received : std::uint8_t { request, nothing, fault };
  using buffers = std::array<asio::const_buffer, 3>;

  // before the first request: session.cpp
  awaitable<bool> learn_source();
  [[nodiscard]] bool take_place();
  void let_kernel_take_more();

  // reading: session_io.cpp
  awaitable<received> receive_head();
  [[nodiscard]] std::optional<received> try_head(std::size_t& resume);
  /// Reads at least one byte. 0: end of stream, a reset or the deadline (see timed_out_).
  [[nodiscard]] awaitable<std::size_t> fill(std::size_t want) {
    return tls_ ? fill_from_tls(want) : fill_from_socket(want);
  }
  awaitable<std::size_t> fill_from_socket(std::size_t want);
  [[nodiscard]] result<void> check_coding() const;
  awaitable<result<bool>> advance_body();
  awaitable<void> promise_to_read();
  [[nodiscard]] bool take_body_bytes();
  [[nodiscard]] protocol_fault body_fault() const;
  [[nodiscard]] std::string_view unread() const;
  [[nodiscard]] bool body_is_read() const {
    return !parser_ || parser_->progress() == body_progress::complete;
  }
  [[nodiscard]] error body_error(std::string message);

  // writing: session_io.cpp
  void look_for_client();
  [[nodiscard]] awaitable<bool> send(buffers data) {
    return tls_ ? send_to_tls(data) : send_to_socket(data);
  }
  awaitable<bool> send_to_socket(buffers data);
  awaitable<void> linger();
  [[nodiscard]] bool has_client_left();

  // TLS, where tls_ is set: session_tls.cpp
  awaitable<bool> shake_hands();
  [[nodiscard]] std::string shakes_hands_as() const;
  awaitable<void> await_handshake_turn();
  tls_step go_on_shaking_hands();
  void refuse_plain_http();
  awaitable<bool> wait_for(tls_state what);
  awaitable<std::size_t> fill_from_tls(std::size_t want);
  awaitable<bool> send_to_tls(buffers data);
  awaitable<void> close_tls();

  // answering: session_answer.cpp
  void reset_exchange();
  [[nodiscard]] bool route_request();
  void refuse(const protocol_fault& fault);
  void answer_other_method();
  void take(result<headwater::http::answer>&& given);
  void fail(const error& what);
  void name_dependencies(const endpoint& of);
  awaitable<bool> send_piece(std::string_view piece);
  [[nodiscard]] verdict judge_answer() const;
  void withhold(verdict why);
  void add_cors();
  awaitable<bool> serve_one();
  [[nodiscard]] bool is_turn_over();
  awaitable<void> let_others_work();
  awaitable<void> answer();
  awaitable<bool> reply();
  awaitable<bool> finish_stream();
  void record();
  [[nodiscard]] bool keeps_connection();

  // gzip: session_coding.cpp
  [[nodiscard]] body_coding accepted_coding(bool has_gzip, bool has_brotli) const;
  void choose_coding();
  void choose_coding_of_pieces();
  awaitable<void> pack();
  awaitable<bool> pack_and_send(std::string_view piece);

  void arm(std::chrono::milliseconds patience) {
    deadline = steady::now() + patience;
    timed_out_ = false;
  }
  void disarm() { deadline = steady::time_point::max(); }
  io_thread& thread_;
  std::string plain_path_; ///< holds the path where it had needless escapes
  const session_context& context_;
  socket socket_;
  std::unique_ptr<tls_channel> tls_; ///< null on plain connections
  connection_counts::place place_;   ///< among the connections of its address, if they are limited
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  std::string arena_; ///< the bytes of the head's fields
  std::string body_;  ///< decoded body bytes
  std::string head_out_;
  exchange exchange_;
  /// Memory for what packing takes: the packed form while both forms exist, or the packer's own.
  std::shared_ptr<const void> packing_;
  std::optional<gzip_writer> packer_;   ///< of an answer in pieces
  std::optional<protocol_fault> fault_; ///< sent instead of any other answer
  steady::time_point began_;
  steady::time_point looked_;    ///< for the client (look_for_client)
  steady::duration uncounted_{}; ///< of short requests since the client had to be waited for
  std::size_t body_charged_ = 0; ///< decoded body bytes that memory has been reserved for
  bool reads_whole_ = false;     ///< the body, and not in pieces
  patience patience_{context_.limits.stream_timeout};
  bool promised_ = false; ///< sending 100 Continue has been considered
  bool timed_out_ = false;
  bool in_flight_ = false; ///< a request counts as in flight
  bool idle_ = false;      ///< waiting for the first byte of a request
  bool close_ = false;     ///< close after this answer
  bool gone_ = false;      ///< the client can no longer be answered
  bool streaming_ = false; ///< the head of a streamed answer has been sent
  bool withheld_ = false;  ///< a precondition prevented a streamed answer
};

} // namespace headwater::http
