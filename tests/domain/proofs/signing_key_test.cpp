#include "domain/core/digest.hpp"
#include "domain/proofs/base64.hpp"
#include "domain/proofs/signing_key.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <concepts>
#include <ostream>

using namespace headwater;

namespace {

template <class Value>
concept printable = requires(std::ostream& out, const Value& value) {
  out << value;
};
static_assert(!printable<signing_key>);
static_assert(!std::copyable<signing_key> && std::movable<signing_key>);

struct vector {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc).
constexpr vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "bbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0303dca179c138ac17ad9bef1177331a704"},
};

std::string bytes_of(const char* hex) {
  return from_hex(hex).value();
}

template <class Bytes>
std::string hex_of(const Bytes& bytes) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(signing_keys)

BOOST_AUTO_TEST_CASE(keys_and_signatures_are_those_of_rfc_8032) {
  for (const auto& vector : vectors) {
    const auto key = signing_key::from_seed(bytes_of(vector.seed));
    BOOST_REQUIRE(key);
    BOOST_TEST(hex_of(key->public_key()) == vector.key);
    const auto signature = key->sign(bytes_of(vector.message));
    BOOST_REQUIRE(signature);
    BOOST_TEST(hex_of(*signature) == vector.signature);
    BOOST_TEST(
        verify_signature(key->public_key(), bytes_of(vector.message), *signature).has_value());
  }
}

BOOST_AUTO_TEST_CASE(signature_with_any_bit_changed_is_refused) {
  const auto key = signing_key::from_seed(bytes_of(vectors[1].seed));
  auto signature = key->sign("r").value();
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    signature[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    BOOST_TEST(!verify_signature(key->public_key(), "r", signature));
    signature[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  BOOST_TEST(!verify_signature(key->public_key(), "s", signature));
  BOOST_TEST(!verify_signature(public_key{}, "r", signature));
  BOOST_TEST(verify_signature(key->public_key(), "r", signature).has_value());
}

BOOST_AUTO_TEST_CASE(signature_with_the_group_order_added_to_s_is_refused) {
  const auto key = signing_key::from_seed(bytes_of(vectors[1].seed));
  auto signature = key->sign("r").value();
  const auto order = bytes_of("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  int carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    carry += signature[32 + i] + static_cast<unsigned char>(order[i]);
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  BOOST_TEST(carry == 0);
  BOOST_TEST(!verify_signature(key->public_key(), "r", signature));
}

BOOST_AUTO_TEST_CASE(seed_has_32_bytes_and_is_not_repeated) {
  for (std::size_t size : {0, 31, 33, 64}) {
    const auto key = signing_key::from_seed(std::string(size, 's'));
    BOOST_REQUIRE(!key);
    BOOST_TEST(key.error().message ==
               "the seed of an Ed25519 key has 32 bytes, not " + std::to_string(size));
  }
}

BOOST_AUTO_TEST_CASE(refused_signature_leaves_no_error_for_tls_to_find) {
  ERR_clear_error();
  const auto key = signing_key::from_seed(bytes_of(vectors[0].seed));
  BOOST_TEST(!verify_signature(key->public_key(), "", ed25519_signature{}));
  BOOST_TEST(!verify_signature(key->public_key(), "", key->sign("other").value()));
  BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(base64_is_that_of_rfc_4648_and_nothing_else) {
  const std::pair<const char*, const char*> pairs[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : pairs) {
    BOOST_TEST(to_base64(bytes) == text);
    BOOST_TEST(from_base64(text).value() == bytes);
  }
  for (const auto* bad : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "====", "Z===", " Zg=", "Zg= ",
                          "\nZm9v", "Zm9v\n", "    ", "Zm 9", "-_8=", "Zg==Zg==", "Zm9vZ", "Z=9v"})
    BOOST_TEST(!from_base64(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
