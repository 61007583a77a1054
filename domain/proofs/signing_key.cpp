#include "domain/proofs/signing_key.hpp"

#include "domain/proofs/unsigned_bytes.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <string>

namespace headwater {
namespace {

struct free_context {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using digest_context = std::unique_ptr<EVP_MD_CTX, free_context>;

/// Removes what OpenSSL adds to the thread's error queue, which TLS reads later.
class quiet_errors {
public:
  quiet_errors() { ERR_set_mark(); }
  ~quiet_errors() { ERR_pop_to_mark(); }
  quiet_errors(const quiet_errors&) = delete;
  quiet_errors& operator=(const quiet_errors&) = delete;
};

error openssl_failed(std::string_view what) {
  return {errc::internal_error, "OpenSSL could not " + std::string(what)};
}

} // namespace

void signing_key::free_key::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

result<signing_key> signing_key::from_seed(std::string_view seed) {
  const quiet_errors quiet;
  if (seed.size() != 32)
    return error{errc::validation_error,
                 "the seed of an Ed25519 key has 32 bytes, not " + std::to_string(seed.size())};
  handle key{
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, unsigned_of(seed), seed.size())};
  headwater::public_key its_public{};
  auto length = its_public.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), its_public.data(), &length) != 1 ||
      length != its_public.size())
    return openssl_failed("make an Ed25519 key");
  return signing_key{std::move(key), its_public};
}

result<ed25519_signature> signing_key::sign(std::string_view message) const {
  const quiet_errors quiet;
  const digest_context context{EVP_MD_CTX_new()};
  ed25519_signature out{};
  auto length = out.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), out.data(), &length, unsigned_of(message), message.size()) !=
          1 ||
      length != out.size())
    return openssl_failed("sign with an Ed25519 key");
  return out;
}

result<void> verify_signature(const public_key& key, std::string_view message,
                              const ed25519_signature& signature) {
  const quiet_errors quiet;
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> verifier{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()),
      &EVP_PKEY_free};
  const digest_context context{EVP_MD_CTX_new()};
  if (!verifier || !context ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, verifier.get()) != 1)
    return openssl_failed("read an Ed25519 public key");
  if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), unsigned_of(message),
                       message.size()) != 1)
    return error{errc::validation_error, "the signature is not by this key"};
  return {};
}

} // namespace headwater
