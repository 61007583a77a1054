#pragma once

// Hashes keyed with a secret of this process, and the hash containers that use them. If the hash
// were known, a client could send keys that all collide: 40,000 of them block a thread for 17
// seconds. So this is the only header that may use an unordered container keyed by text, and every
// other hash container takes its hash from here; cmake/check_hashes.py refuses anything else. The
// iteration order differs from run to run, so no answer may depend on it. Any thread.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace headwater {

/// SipHash's key.
struct sip_key {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// Known only to this process. All of it is random.
struct hash_secret {
  sip_key sip;
  std::array<std::uint64_t, 32> nh; ///< for two words of a text at a time
  std::array<std::uint64_t, 2> end; ///< for the last bytes of a text
};

/// The secret of this process, drawn from the kernel on first use.
[[nodiscard]] const hash_secret& process_secret();

/// SipHash-c-d (Aumasson and Bernstein, 2012).
template <int Compressions, int Finalisations>
[[nodiscard]] std::uint64_t sip_hash(std::string_view text, const sip_key& key) noexcept;
extern template std::uint64_t sip_hash<1, 3>(std::string_view, const sip_key&) noexcept;
extern template std::uint64_t sip_hash<2, 4>(std::string_view, const sip_key&) noexcept;

/// NH, the hash of UMAC (RFC 4418), for texts of up to 256 bytes; SipHash-1-3 for longer ones.
/// Takes a quarter of SipHash's time for a host name. Two texts chosen without knowing the secret
/// collide with a probability of about 2^-64, as long as no hash value is ever disclosed.
[[nodiscard]] std::uint64_t quick_text_hash(std::string_view text,
                                            const hash_secret& secret) noexcept;

/// The two halves of the 128-bit product, folded into one word.
[[nodiscard]] constexpr std::uint64_t folded_product(std::uint64_t left,
                                                     std::uint64_t right) noexcept {
  __extension__ using wide = unsigned __int128;
  const auto product = static_cast<wide>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// SipHash-1-3 with the secret of the process.
struct text_hash {
  using is_transparent = void; ///< a view finds a string
  using is_avalanching = void; ///< Boost need not mix it again

  [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
    return sip_hash<1, 3>(text, process_secret().sip);
  }
};

/// Hashes two words with a secret. One product would not do: of numbers with equal distances, one
/// secret in 70 puts ten times too many into one of 1,024 buckets.
[[nodiscard]] inline std::size_t hash_of_words(std::uint64_t one, std::uint64_t other,
                                               const hash_secret& secret) noexcept {
  constexpr std::uint64_t golden_ratio = 0x9E37'79B9'7F4A'7C15U;
  const auto mixed = folded_product(one + secret.end[0], other + secret.end[1]);
  return folded_product(mixed ^ secret.nh[0], golden_ratio);
}

/// The same with the secret of the process.
[[nodiscard]] inline std::size_t hash_of_words(std::uint64_t one, std::uint64_t other) noexcept {
  return hash_of_words(one, other, process_secret());
}

/// The hash of a key: a text, a number, a digest, or a type whose member hash_words() returns an
/// array of two words.
template <class Key>
struct keyed_hash {
  using is_avalanching = void;

  [[nodiscard]] std::size_t operator()(const Key& key) const noexcept {
    const std::array<std::uint64_t, 2> words = key.hash_words();
    return hash_of_words(words[0], words[1]);
  }
};
template <>
struct keyed_hash<std::string> : text_hash {};
template <>
struct keyed_hash<std::string_view> : text_hash {};
template <std::integral Number>
struct keyed_hash<Number> {
  using is_avalanching = void;

  [[nodiscard]] std::size_t operator()(Number number) const noexcept {
    return hash_of_words(static_cast<std::uint64_t>(number), 0);
  }
};
template <std::size_t Size>
struct keyed_hash<std::array<std::uint8_t, Size>> {
  using is_avalanching = void;

  [[nodiscard]] std::size_t operator()(const std::array<std::uint8_t, Size>& bytes) const noexcept {
    return text_hash{}({reinterpret_cast<const char*>(bytes.data()), Size});
  }
};

template <class Key, class Value>
using keyed_map = std::unordered_map<Key, Value, keyed_hash<Key>, std::equal_to<>>;
template <class Key>
using keyed_set = std::unordered_set<Key, keyed_hash<Key>, std::equal_to<>>;

template <class Value>
using text_map = keyed_map<std::string, Value>;
using text_set = keyed_set<std::string>;

/// The texts belong to somebody else, who must keep them as long as the map lives.
template <class Value>
using text_view_map = keyed_map<std::string_view, Value>;

} // namespace headwater
