#include "domain/proofs/base64.hpp"

#include "domain/proofs/unsigned_bytes.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace headwater {
namespace {

constexpr std::size_t most_bytes = std::size_t{700} << 20; // OpenSSL counts in int

} // namespace

std::string to_base64(std::string_view bytes) {
  if (bytes.size() > most_bytes)
    throw std::length_error{"too much for base 64"};
  // OpenSSL writes a zero after the text, where a string has one anyway.
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(unsigned_of(out), unsigned_of(bytes), static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() / 4 * 3 > most_bytes)
    return std::nullopt;
  const auto padding = text.size() - (text.find_last_not_of('=') + 1);
  if (padding > 2)
    return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const auto length =
      EVP_DecodeBlock(unsigned_of(out), unsigned_of(text), static_cast<int>(text.size()));
  if (length < 0 || static_cast<std::size_t>(length) != out.size())
    return std::nullopt;
  out.resize(out.size() - padding);
  // OpenSSL tolerates white space and stray bits, but here each value has exactly one text.
  if (to_base64(out) != text)
    return std::nullopt;
  return out;
}

} // namespace headwater
