#include "domain/core/keyed_hash.hpp"

#include <bit>
#include <cerrno>
#include <cstring>
#include <sys/random.h>
#include <system_error>

namespace headwater {
namespace {

/// Little-endian, as SipHash's authors have it.
template <std::size_t Size>
std::uint64_t word_at(const char* from) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  std::memcpy(&word, from, Size);
  return word;
}

/// Without a secret there can be no service, so a failure throws and ends the process.
hash_secret draw_secret() {
  hash_secret secret;
  auto* to = reinterpret_cast<char*>(&secret);
  for (std::size_t drawn = 0; drawn < sizeof secret;) {
    const auto more = getrandom(to + drawn, sizeof secret - drawn, 0);
    if (more > 0)
      drawn += static_cast<std::size_t>(more);
    else if (errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return secret;
}

/// SipHash's four words.
struct sip_state {
  std::uint64_t v0, v1, v2, v3;

  void round() noexcept {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }

  template <int Rounds>
  void compress(std::uint64_t word) noexcept {
    v3 ^= word;
    for (int i = 0; i < Rounds; ++i)
      round();
    v0 ^= word;
  }
};

/// The up to seven bytes left at the end of a text.
std::uint64_t rest_at(const char* from, std::size_t size) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])) << (8 * i);
  return word;
}

} // namespace

const hash_secret& process_secret() {
  static const hash_secret secret = draw_secret();
  return secret;
}

template <int Compressions, int Finalisations>
std::uint64_t sip_hash(std::string_view text, const sip_key& key) noexcept {
  sip_state state{key.first ^ 0x736f6d6570736575U, key.second ^ 0x646f72616e646f6dU,
                  key.first ^ 0x6c7967656e657261U, key.second ^ 0x7465646279746573U};
  const auto* at = text.data();
  auto left = text.size();
  for (; left >= 8; left -= 8, at += 8)
    state.compress<Compressions>(word_at<8>(at));
  state.compress<Compressions>(rest_at(at, left) | static_cast<std::uint64_t>(text.size()) << 56U);
  state.v2 ^= 0xffU;
  for (int i = 0; i < Finalisations; ++i)
    state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

template std::uint64_t sip_hash<1, 3>(std::string_view, const sip_key&) noexcept;
template std::uint64_t sip_hash<2, 4>(std::string_view, const sip_key&) noexcept;

std::uint64_t quick_text_hash(std::string_view text, const hash_secret& secret) noexcept {
  __extension__ using wide = unsigned __int128;
  const auto* at = text.data();
  const auto size = text.size();
  if (size > secret.nh.size() * sizeof(std::uint64_t))
    return sip_hash<1, 3>(text, secret.sip);
  wide sum = 0;
  const auto* key = secret.nh.data();
  const auto add = [&](std::uint64_t one, std::uint64_t other) {
    sum += static_cast<wide>(one + key[0]) * (other + key[1]);
  };
  const auto* const end = at + size;
  for (; end - at > 16; at += 16, key += 2)
    add(word_at<8>(at), word_at<8>(at + 8));
  // The last words may overlap those before them: together with the size they still distinguish
  // texts.
  if (size >= 16)
    add(word_at<8>(end - 16), word_at<8>(end - 8));
  else if (size >= 8)
    add(word_at<8>(at), word_at<8>(end - 8));
  else if (size >= 4)
    add(word_at<4>(at), word_at<4>(end - 4));
  else if (size > 0)
    add(word_at<1>(at) | word_at<1>(at + size / 2) << 8U, word_at<1>(end - 1));
  return folded_product((static_cast<std::uint64_t>(sum) + size) ^ secret.end[0],
                        static_cast<std::uint64_t>(sum >> 64U) ^ secret.end[1]);
}

} // namespace headwater
