#pragma once

// TLS on a connected socket that does not block. Every function does what is possible at once and
// says what it waits for; the session waits. Belongs to one session.

#include "http/tls/tls_context.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace headwater::http {

enum class tls_state : std::uint8_t {
  done = 1,
  wants_read,  ///< again, once the socket can be read
  wants_write, ///< again, once the socket can be written
  ended,       ///< by the client's close_notify
  failed,      ///< the connection is of no use any more
};

struct tls_step {
  tls_state state = tls_state::failed;
  std::size_t bytes = 0; ///< read or written, if done

  [[nodiscard]] bool must_wait() const {
    return state == tls_state::wants_read || state == tls_state::wants_write;
  }
};

class tls_channel {
public:
  /// Throws std::bad_alloc. The socket stays the caller's.
  tls_channel(const tls_context& with, int socket);
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  [[nodiscard]] tls_step shake_hands();
  /// At least one byte, at most `room`.
  [[nodiscard]] tls_step read(void* to, std::size_t room);
  /// One record from the beginning of the pieces. After a wait, call it with the same bytes again.
  [[nodiscard]] tls_step write(std::span<const std::string_view> pieces);
  /// Sends close_notify, after which only the client may send.
  [[nodiscard]] tls_step close();

  /// Whether read() may have something without the socket having anything new.
  [[nodiscard]] bool has_pending() const;
  /// Whether the client has closed its side, or the connection; anything that it has sent before
  /// stays readable.
  [[nodiscard]] bool is_ended();
  /// Whether the first byte was that of an HTTP request and not of TLS.
  [[nodiscard]] bool is_plain_http() const;
  /// The socket is about to be closed, and its number may be another's soon.
  void detach() { wire_.socket = -1; }

private:
  struct free_ssl {
    void operator()(SSL* one) const noexcept { SSL_free(one); }
  };

  [[nodiscard]] tls_step after(int returned);
  static void count_key_updates(int is_sent, int version, int kind, const void* text,
                                std::size_t size, SSL* of, void* wire_of_it);

  /// What OpenSSL reads from and writes to.
  struct wire {
    int socket = -1;
    char first = '\0'; ///< the first byte that came
    bool has_first = false;
    std::size_t budget = 0;      ///< bytes that may still be read before others have their turn
    std::size_t key_updates = 0; ///< since the last byte of data
  };
  static int read_wire(BIO* from, char* to, int room);
  static int write_wire(BIO* to, const char* from, int size);
  static long control_wire(BIO* of, int command, long number, void* pointer);
  static BIO_METHOD* wire_method();

  wire wire_;
  std::unique_ptr<SSL, free_ssl> ssl_;
  bool has_failed_ = false;
};

} // namespace headwater::http
