#include "http/tls/tls_context.hpp"

#include "domain/core/try.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace headwater::http {

namespace {

constexpr std::size_t longest_pem = std::size_t{1} << 20;
constexpr std::string_view certificate_flag = "--tls-cert";
constexpr std::string_view key_flag = "--tls-key";

// TLS 1.2; what TLS 1.3 has by default is good.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* one) const noexcept {
    Free(one);
  }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

struct descriptor {
  explicit descriptor(int opened) : fd(opened) {}
  ~descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  const int fd;
};

error about(std::string_view flag, const std::string& file, std::string_view why,
            errc code = errc::bad_request) {
  return {code, std::string(flag) + " " + file + ": " + std::string(why)};
}

error unreadable(std::string_view flag, const std::string& file, int reason) {
  return about(flag, file, "cannot be read: " + std::generic_category().message(reason),
               errc::io_failed);
}

/// The newest error of OpenSSL, "ee key too small"; the others are dropped.
std::string openssl_reason() {
  const auto code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason ? reason : "OpenSSL gives no reason";
}

result<std::string> read_pem(std::string_view flag, const std::string& file, bool is_secret) {
  const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (opened.fd < 0)
    return unreadable(flag, file, errno);
  struct stat found {};
  if (::fstat(opened.fd, &found) != 0)
    return unreadable(flag, file, errno);
  if (!S_ISREG(found.st_mode))
    return about(flag, file, "is no regular file");
  if (is_secret && (found.st_mode & S_IRWXO) != 0)
    return about(flag, file,
                 "may be read or written by every user; 'chmod o= " + file + "' mends it");
  std::string text(longest_pem + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    const auto got = ::read(opened.fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return unreadable(flag, file, errno);
    if (got == 0)
      break;
    size += static_cast<std::size_t>(got);
    if (size > longest_pem)
      return about(flag, file, "is longer than " + std::to_string(longest_pem) + " bytes");
  }
  text.resize(size);
  return text;
}

bio_ptr reader_of(const std::string& text) {
  return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Instead of a prompt on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

/// RFC 7301: a client that names protocols gets http/1.1 or, if that is none of them, an alert.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* length,
                    const unsigned char* offered, unsigned int offered_length, void*) {
  static constexpr unsigned char spoken[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, length, spoken, sizeof spoken - 1, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Idle connections hold no buffers, and a retried write may come from elsewhere.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1); // one system call for a record, not two
  // Clients keep their sessions themselves, in tickets.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

result<std::chrono::seconds> seconds_of(const ASN1_TIME* time) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1)
    return error{errc::bad_request, "a date that cannot be read"};
  return std::chrono::seconds{::timegm(&utc)};
}

/// The first certificate is the server's own, the others are sent with it.
result<x509_ptr> use_chain(SSL_CTX* context, const std::string& text, const std::string& file) {
  const auto from = reader_of(text);
  x509_ptr own(PEM_read_bio_X509_AUX(from.get(), nullptr, no_passphrase, nullptr));
  if (!own) {
    ERR_clear_error();
    return about(certificate_flag, file, "holds no certificate in PEM");
  }
  if (SSL_CTX_use_certificate(context, own.get()) != 1)
    return about(certificate_flag, file, "cannot be used: " + openssl_reason());
  while (x509_ptr next{PEM_read_bio_X509(from.get(), nullptr, no_passphrase, nullptr)}) {
    if (SSL_CTX_add0_chain_cert(context, next.get()) != 1)
      return about(certificate_flag, file, "cannot be used: " + openssl_reason());
    (void)next.release(); // the context's now
  }
  // The end of the file is "no start line"; anything else is a broken certificate.
  const auto end = ERR_peek_last_error();
  if (ERR_GET_LIB(end) != ERR_LIB_PEM || ERR_GET_REASON(end) != PEM_R_NO_START_LINE)
    return about(certificate_flag, file, "has a broken certificate: " + openssl_reason());
  ERR_clear_error();
  return own;
}

result<void> use_key(SSL_CTX* context, const std::string& text, const tls_files& files) {
  const key_ptr key(
      PEM_read_bio_PrivateKey(reader_of(text).get(), nullptr, no_passphrase, nullptr));
  if (!key) {
    ERR_clear_error();
    return about(key_flag, files.key,
                 text.find("ENCRYPTED") == text.npos
                     ? "holds no private key in PEM"
                     : "needs a passphrase, which is not supported");
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1)
    return {};
  const auto why = openssl_reason();
  const auto* own = SSL_CTX_get0_certificate(context);
  if (own && X509_check_private_key(own, key.get()) != 1) {
    ERR_clear_error();
    return about(key_flag, files.key, "is not the key of the certificate in " + files.certificate);
  }
  return about(key_flag, files.key, "cannot be used: " + why);
}

} // namespace

result<std::shared_ptr<const tls_context>> tls_context::load(const tls_files& from) {
  if (from.certificate.empty() || from.key.empty())
    return error{errc::bad_request, "--tls-cert and --tls-key belong together: give both or none"};
  TRY(const auto chain, read_pem(certificate_flag, from.certificate, false));
  TRY(auto secret, read_pem(key_flag, from.key, true));
  ERR_clear_error();
  std::shared_ptr<tls_context> out(new tls_context);
  out->context_.reset(SSL_CTX_new(TLS_server_method()));
  if (!out->context_)
    return error{errc::io_failed, "TLS cannot be set up: " + openssl_reason()};
  configure(out->get());
  TRY(const auto own, use_chain(out->get(), chain, from.certificate));
  const auto used = use_key(out->get(), secret, from);
  OPENSSL_cleanse(secret.data(), secret.size());
  if (!used)
    return used.error();
  const auto begins = seconds_of(X509_get0_notBefore(own.get()));
  const auto ends = seconds_of(X509_get0_notAfter(own.get()));
  if (!begins || !ends)
    return about(certificate_flag, from.certificate, "has a date that cannot be read");
  out->valid_from_ = *begins;
  out->expires_at_ = *ends;
  return std::shared_ptr<const tls_context>(std::move(out));
}

std::string tls_context::date_fault() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  if (now >= expires_at_)
    return "the certificate has expired";
  return now < valid_from_ ? "the certificate is not valid yet" : "";
}

result<void> tls_source::reload() {
  TRY(auto fresh, tls_context::load(files_));
  const std::lock_guard guard(mutex_);
  current_ = std::move(fresh);
  return {};
}

std::shared_ptr<const tls_context> tls_source::current() const {
  const std::lock_guard guard(mutex_);
  return current_;
}

} // namespace headwater::http
