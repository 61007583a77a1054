#include "domain/core/digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace headwater {
namespace {

struct free_context {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetched once: EVP_sha256() looks the implementation up in the provider on every digest.
const EVP_MD* sha256_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

} // namespace

digest sha256(std::initializer_list<std::string_view> parts) {
  thread_local std::unique_ptr<EVP_MD_CTX, free_context> context{EVP_MD_CTX_new()};
  if (!context)
    throw std::bad_alloc{};
  digest out{};
  bool good = EVP_DigestInit_ex2(context.get(), sha256_method(), nullptr) == 1;
  for (auto part : parts)
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  good = good && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  if (!good)
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr char alphabet[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (auto c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out.push_back(alphabet[byte >> 4]);
    out.push_back(alphabet[byte & 15]);
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    auto high = nibble(text[i]);
    auto low = nibble(text[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

} // namespace headwater
