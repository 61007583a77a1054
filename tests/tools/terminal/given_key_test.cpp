#include "tests/tools/scratch.hpp"
#include "tools/terminal/given_key.hpp"

namespace headwater::tools {

BOOST_AUTO_TEST_SUITE(given_keys)

BOOST_AUTO_TEST_CASE(a_key_is_one_none_or_refused_by_its_flag) {
  BOOST_TEST(!given_key("").value().has_value());
  const auto key = given_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  BOOST_TEST(key.value().value().name() == "PeterNeumann");
  for (const auto* wrong : {" ", "PeterNeumann",
                            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfs"
                            "Vkmqq/LDE4izWy10TW"}) {
    const auto got = given_key(wrong);
    BOOST_REQUIRE_MESSAGE(got.has_error(), wrong);
    BOOST_TEST(got.error().message.starts_with("--key: "), wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_key_may_lie_in_a_file) {
  const testing::scratch in;
  const std::string key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  for (const auto& text : {key, key + "\n", "  " + key + "\r\n\n"})
    BOOST_TEST(given_key(in.file("key", text)).value().value().to_string() == key);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_file_that_holds_none_is_quoted) {
  const testing::scratch in;
  const auto foreign = in.file("foreign", "root:secret+hash+more\n");
  const auto got = given_key(foreign);
  BOOST_REQUIRE(got.has_error());
  BOOST_TEST(got.error().message.starts_with("--key: " + foreign + ": verifier key: "));
  BOOST_TEST(got.error().message.find("secret") == std::string::npos, got.error().message);
  const auto large = given_key(in.file("large", std::string(5'000, 'x')));
  BOOST_REQUIRE(large.has_error());
  BOOST_TEST(large.error().message.ends_with("is longer than 4096 bytes"), large.error().message);
  BOOST_TEST((given_key(in.path("")).error().code == errc::io_failed)); // a directory
  BOOST_TEST(given_key("/dev/zero").has_error());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
