#pragma once

// Hashes with a secret of the process, and the hash containers that use them. With a hash that is
// known, a client can send keys that all collide, and 40,000 of them hold a thread for 17 seconds.
// So this is the only header that may name an unordered container with a text as its key, and every
// other hash container takes its hash from here: cmake/check_layer.py refuses what does not. The
// order of such a container differs from run to run, so no answer may depend on it. Any thread.

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

/// What nobody outside the process knows. All of it is random.
struct hash_secret {
  sip_key sip;
  std::array<std::uint64_t, 32> nh; ///< for two words of a text at a time
  std::array<std::uint64_t, 2> end; ///< for what comes last
};

/// The secret of this process, drawn from the kernel when it is first asked for.
[[nodiscard]] const hash_secret& process_secret();

/// SipHash-c-d (Aumasson and Bernstein, 2012).
template <int Compressions, int Finalisations>
[[nodiscard]] std::uint64_t sip_hash(std::string_view text, const sip_key& key) noexcept;
extern template std::uint64_t sip_hash<1, 3>(std::string_view, const sip_key&) noexcept;
extern template std::uint64_t sip_hash<2, 4>(std::string_view, const sip_key&) noexcept;

/// NH, the hash of UMAC (RFC 4418), over texts of up to 256 bytes; SipHash-1-3 over longer ones.
/// A quarter of SipHash's time for a host. Two texts that were chosen without knowing the secret
/// collide with a probability of about 2^-64, but the values themselves must not be told to anyone.
[[nodiscard]] std::uint64_t quick_text_hash(std::string_view text,
                                            const hash_secret& secret) noexcept;

/// Both halves of the product.
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

/// Two words with the secret of the process.
[[nodiscard]] inline std::size_t hash_of_words(std::uint64_t one, std::uint64_t other) noexcept {
  const auto& secret = process_secret().end;
  return folded_product(one + secret[0], other + secret[1]);
}

/// The hash of a key: of a text, a number, a digest, or a type with a member hash_words() that
/// gives an array of two words.
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

/// The texts belong to somebody else, who keeps them for as long as the map.
template <class Value>
using text_view_map = keyed_map<std::string_view, Value>;

} // namespace headwater
