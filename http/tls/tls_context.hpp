#pragma once

// A certificate chain with its key, ready for connections, and the pair of files that they are read
// from, which may be read again while connections are served.

#include "domain/core/error.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace headwater::http {

struct tls_files {
  std::string certificate; ///< PEM: the server's certificate, then those that lead to the root
  std::string key;         ///< PEM, without a passphrase

  [[nodiscard]] bool is_given() const { return !certificate.empty() || !key.empty(); }
};

/// Immutable; connections that were made with one keep it alive. TLS 1.2 and 1.3 with forward
/// secrecy and authenticated encryption, ALPN "http/1.1", no renegotiation, no compression.
class tls_context {
public:
  /// Reads both files. bad_request or io_failed, with the setting and the file in its message:
  /// only one is given, a file cannot be read, is no PEM or longer than 1 MiB, the key may be read
  /// by others than its owner and group, needs a passphrase, is not the certificate's, or is too
  /// weak.
  [[nodiscard]] static result<std::shared_ptr<const tls_context>> load(const tls_files& from);

  [[nodiscard]] SSL_CTX* get() const { return context_.get(); }
  /// When the server's certificate becomes invalid, in seconds since 1970.
  [[nodiscard]] std::chrono::seconds expires_at() const { return expires_at_; }
  /// Why clients will not trust the certificate today: it has expired, or is not valid yet. Empty
  /// if it is valid.
  [[nodiscard]] std::string date_fault() const;

private:
  struct free_context {
    void operator()(SSL_CTX* one) const noexcept { SSL_CTX_free(one); }
  };

  tls_context() = default;

  std::unique_ptr<SSL_CTX, free_context> context_;
  std::chrono::seconds valid_from_{};
  std::chrono::seconds expires_at_{};
};

/// The context for new connections. Thread-safe.
class tls_source {
public:
  explicit tls_source(tls_files from) : files_(std::move(from)) {}

  /// Reads the files. What load() says if that fails; the context then stays as it was.
  [[nodiscard]] result<void> reload();
  /// Null before the first reload() that succeeded.
  [[nodiscard]] std::shared_ptr<const tls_context> current() const;

private:
  const tls_files files_;
  mutable std::mutex mutex_;
  std::shared_ptr<const tls_context> current_; ///< guarded by mutex_
};

} // namespace headwater::http
