#pragma once

// Ed25519 (RFC 8032, section 5.1) through OpenSSL. Pure, any thread.

#include "domain/core/error.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

struct evp_pkey_st; // OpenSSL's EVP_PKEY

namespace headwater {

/// The 32 bytes of an Ed25519 public key (RFC 8032, section 5.1.5).
using public_key = std::array<std::uint8_t, 32>;
/// The 64 bytes of an Ed25519 signature: R and S (RFC 8032, section 5.1.6).
using ed25519_signature = std::array<std::uint8_t, 64>;

/// A private key. It can sign and show its public key, but nothing returns its seed, and printing
/// one does not compile. Can be moved, not copied.
class signing_key {
public:
  /// Makes the key from a seed, which is 32 secret random bytes (the "private key" of RFC 8032).
  /// validation_error for another length, internal_error if OpenSSL fails; neither message contains
  /// any of its bytes. The caller wipes its own copy.
  [[nodiscard]] static result<signing_key> from_seed(std::string_view seed);

  [[nodiscard]] const headwater::public_key& public_key() const { return public_; }

  /// Signs any bytes; the same bytes always get the same signature. internal_error if OpenSSL
  /// fails.
  [[nodiscard]] result<ed25519_signature> sign(std::string_view message) const;

  template <class Stream>
  friend Stream& operator<<(Stream&, const signing_key&) = delete;

private:
  struct free_key {
    void operator()(evp_pkey_st* key) const;
  };
  using handle = std::unique_ptr<evp_pkey_st, free_key>;

  signing_key(handle key, const headwater::public_key& its_public)
      : key_(std::move(key)), public_(its_public) {}

  handle key_;
  headwater::public_key public_;
};

/// Success if the key has signed the message (RFC 8032, section 5.1.7, as OpenSSL checks it: S
/// below the group's order); otherwise a validation_error.
[[nodiscard]] result<void> verify_signature(const public_key& key, std::string_view message,
                                            const ed25519_signature& signature);

} // namespace headwater
