#include "domain/accounts/api_token.hpp"
#include "domain/accounts/secret_strength.hpp"
#include "tests/domain/core/random_source.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater::accounts;
using headwater::attribution::test::random_source;
using headwater::attribution::test::setting;

namespace {

std::string_view said_of(std::string_view secret) {
  return weakness_of(secret).value_or("none");
}

bool is_fault(std::string_view secret, std::string_view words) {
  return said_of(secret).find(words) != std::string_view::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_strength)

BOOST_AUTO_TEST_CASE(few_different_characters_are_weak) {
  for (const auto* weak : {"aaaaaaaaaaaaaaaaaaaaaaaa", "abababababababababababab",
                           "111122223333444455556666", "abcdefgabdcfegabgcdfeagbdcef"})
    BOOST_TEST(is_fault(weak, "8 different"), weak << ": " << said_of(weak));
}

BOOST_AUTO_TEST_CASE(a_short_text_again_and_again_is_weak) {
  for (const auto* weak : {"changeme!changeme!changeme!", "Tr0ub4dor&3Tr0ub4dor&3Tr0",
                           "p4ssw0rd-xp4ssw0rd-xp4ssw0rd-x"})
    BOOST_TEST(is_fault(weak, "again"), weak << ": " << said_of(weak));
}

BOOST_AUTO_TEST_CASE(runs_of_alphabet_digits_and_keyboard_are_weak) {
  for (const auto* weak :
       {"abcdefghijklmnopqrstuvwxyz", "ZYXWVUTSRQPONMLKJIHGFEDCBA", "0123456789abcdefghijklmn",
        "qwertyuiopasdfghjklzxcvbnm", "AbCdEfGhIjKlMnOpQrStUvWx", "token-0123456789-abcdefghij",
        "secretaaaaaaaaaabbbbbbbbbb12"})
    BOOST_TEST(is_fault(weak, "runs"), weak << ": " << said_of(weak));
}

BOOST_AUTO_TEST_CASE(what_vendors_clients_have_is_taken) {
  for (const auto* good : {"vendor-secret-0123456789!", "sk-live_51H8xq2eZvKYlo2C9",
                           "6f1ed002ab5595859014ebf0951522d9", "3d4017c3e843895a92b70aa7",
                           "AKIAIOSFODNN7EXAMPLEwJalrXUtn", "correct horse battery staple"})
    BOOST_TEST(said_of(good) == "none", good);
}

BOOST_AUTO_TEST_CASE(random_secrets_are_taken) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  random_source random(seed);
  const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  int refused_digits = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string secret, digits;
    for (int k = 0; k < 24; ++k) {
      secret += letters[random.below(letters.size())];
      digits += "0123456789abcdef"[random.below(16)];
    }
    BOOST_REQUIRE_MESSAGE(said_of(secret) == "none", secret << ", seed " << seed);
    refused_digits += weakness_of(digits) ? 1 : 0;
  }
  BOOST_TEST(refused_digits <= 5, "seed " << seed);
}

BOOST_AUTO_TEST_SUITE_END()
