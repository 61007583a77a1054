#include "http/tls/tls_channel.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <new>
#include <sys/socket.h>

namespace headwater::http {

namespace {

constexpr std::size_t record_size = SSL3_RT_MAX_PLAIN_LENGTH;

/// Bytes off the wire before others have their turn.
constexpr std::size_t read_at_once = 64 * 1024;
/// As many as other servers take.
constexpr std::size_t most_key_updates = 32;

bool would_block(int reason) {
  return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

} // namespace

// OpenSSL's own BIO for sockets writes with write(), which raises SIGPIPE, and cannot be detached.

int tls_channel::read_wire(BIO* from, char* to, int room) {
  auto& one = *static_cast<wire*>(BIO_get_data(from));
  BIO_clear_retry_flags(from);
  if (one.socket < 0 || room <= 0 || one.key_updates > most_key_updates)
    return -1;
  if (one.budget == 0) {
    BIO_set_retry_read(from);
    return -1;
  }
  const auto got = ::recv(one.socket, to, std::min(static_cast<std::size_t>(room), one.budget), 0);
  if (got > 0)
    one.budget -= static_cast<std::size_t>(got);
  if (got < 0 && would_block(errno))
    BIO_set_retry_read(from);
  if (got > 0 && !one.has_first) {
    one.first = *to;
    one.has_first = true;
  }
  return static_cast<int>(got);
}

int tls_channel::write_wire(BIO* to, const char* from, int size) {
  auto& one = *static_cast<wire*>(BIO_get_data(to));
  BIO_clear_retry_flags(to);
  if (one.socket < 0 || size <= 0)
    return -1;
  const auto put = ::send(one.socket, from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (put < 0 && would_block(errno))
    BIO_set_retry_write(to);
  return static_cast<int>(put);
}

long tls_channel::control_wire(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* tls_channel::wire_method() {
  static BIO_METHOD* const made = [] {
    auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (!method)
      throw std::bad_alloc();
    BIO_meth_set_read(method, read_wire);
    BIO_meth_set_write(method, write_wire);
    BIO_meth_set_ctrl(method, control_wire);
    return method;
  }();
  return made;
}

tls_channel::tls_channel(const tls_context& with, int socket)
    : wire_{socket}, ssl_(SSL_new(with.get())) {
  auto* bio = ssl_ ? BIO_new(wire_method()) : nullptr;
  if (!bio)
    throw std::bad_alloc();
  BIO_set_data(bio, &wire_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_msg_callback(ssl_.get(), count_key_updates);
  SSL_set_msg_callback_arg(ssl_.get(), &wire_);
  SSL_set_accept_state(ssl_.get());
}

/// A client may change its keys as often as it likes, in 27 bytes each, and OpenSSL reads on until
/// there is data. Few clients ever do; one that does nothing else is ended.
void tls_channel::count_key_updates(int is_sent, int, int kind, const void* text, std::size_t size,
                                    SSL*, void* wire_of_it) {
  const auto* bytes = static_cast<const unsigned char*>(text);
  if (is_sent == 0 && kind == SSL3_RT_HANDSHAKE && size > 0 && bytes[0] == SSL3_MT_KEY_UPDATE)
    ++static_cast<wire*>(wire_of_it)->key_updates;
}

tls_step tls_channel::after(int returned) {
  switch (SSL_get_error(ssl_.get(), returned)) {
  case SSL_ERROR_NONE:
    return {tls_state::done, static_cast<std::size_t>(std::max(returned, 0))};
  case SSL_ERROR_WANT_READ:
    return {tls_state::wants_read};
  case SSL_ERROR_WANT_WRITE:
    return {tls_state::wants_write};
  case SSL_ERROR_ZERO_RETURN:
    return {tls_state::ended};
  }
  has_failed_ = true;
  ERR_clear_error();
  return {tls_state::failed};
}

tls_step tls_channel::shake_hands() {
  ERR_clear_error();
  wire_.budget = read_at_once;
  return after(SSL_do_handshake(ssl_.get()));
}

tls_step tls_channel::read(void* to, std::size_t room) {
  if (has_failed_)
    return {tls_state::failed};
  ERR_clear_error();
  wire_.budget = read_at_once;
  const auto step =
      after(SSL_read(ssl_.get(), to, static_cast<int>(std::min<std::size_t>(room, INT_MAX))));
  if (step.state == tls_state::done)
    wire_.key_updates = 0;
  return step;
}

tls_step tls_channel::write(std::span<const std::string_view> pieces) {
  if (has_failed_)
    return {tls_state::failed};
  while (!pieces.empty() && pieces.front().empty())
    pieces = pieces.subspan(1);
  if (pieces.empty())
    return {tls_state::done};
  ERR_clear_error();
  auto from = pieces.front();
  // Head and body of a small answer are one record, and so one packet.
  thread_local std::array<char, record_size> joined;
  if (from.size() < record_size && pieces.size() > 1) {
    std::size_t size = 0;
    for (const auto piece : pieces) {
      const auto part = std::min(piece.size(), joined.size() - size);
      std::memcpy(joined.data() + size, piece.data(), part);
      size += part;
    }
    from = {joined.data(), size};
  }
  return after(
      SSL_write(ssl_.get(), from.data(), static_cast<int>(std::min(from.size(), record_size))));
}

tls_step tls_channel::close() {
  if (has_failed_ || SSL_in_init(ssl_.get()))
    return {tls_state::failed};
  ERR_clear_error();
  // 0: it is sent, and the client's has not come yet.
  const int returned = SSL_shutdown(ssl_.get());
  return returned >= 0 ? tls_step{tls_state::done} : after(returned);
}

bool tls_channel::has_pending() const {
  return SSL_has_pending(ssl_.get()) == 1;
}

bool tls_channel::is_ended() {
  if (has_failed_)
    return true;
  ERR_clear_error();
  char byte = 0;
  wire_.budget = read_at_once;
  const auto step = after(SSL_peek(ssl_.get(), &byte, 1));
  return step.state == tls_state::ended || step.state == tls_state::failed;
}

bool tls_channel::is_plain_http() const {
  return wire_.has_first && wire_.first >= 'A' && wire_.first <= 'Z';
}

} // namespace headwater::http
