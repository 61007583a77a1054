#include "domain/core/sha256_stream.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace headwater {
namespace {

void check(int done) {
  if (done != 1)
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
}

} // namespace

struct sha256_stream::state {
  state() : context(EVP_MD_CTX_new()) { check(EVP_DigestInit_ex(context, EVP_sha256(), nullptr)); }
  ~state() { EVP_MD_CTX_free(context); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  EVP_MD_CTX* context;
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {}
sha256_stream::~sha256_stream() = default;

void sha256_stream::update(std::string_view piece) {
  check(EVP_DigestUpdate(state_->context, piece.data(), piece.size()));
}

digest sha256_stream::finish() {
  digest out{};
  check(EVP_DigestFinal_ex(state_->context, out.data(), nullptr));
  return out;
}

} // namespace headwater
