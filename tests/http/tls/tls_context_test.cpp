#include "certificate_files.hpp"
#include "http/tls/tls_context.hpp"

namespace headwater::http::testing {

BOOST_AUTO_TEST_SUITE(tls_contexts)

namespace {

/// What load() says, which must name the file.
std::string refusal(const tls_files& of, const std::string& file) {
  const auto read = tls_context::load(of);
  if (read)
    return "it was taken";
  const auto& said = read.error().message;
  return said.find(file) == said.npos ? "no word of the file: " + said : said;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_pair_is_read_with_its_dates) {
  certificate_files files;
  const auto read = tls_context::load(files.make("good"));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((*read)->date_fault() == "");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  BOOST_TEST(((*read)->expires_at() - now < std::chrono::hours{1}));
  BOOST_TEST(((*read)->expires_at() - now > std::chrono::minutes{59}));
}

BOOST_AUTO_TEST_CASE(a_certificate_outside_its_dates_is_read_and_told) {
  certificate_files files;
  const auto old = tls_context::load(files.make("old", -100, -50));
  BOOST_REQUIRE(old.has_value());
  BOOST_TEST((*old)->date_fault() == "the certificate has expired");
  const auto early = tls_context::load(files.make("early", 50, 100));
  BOOST_REQUIRE(early.has_value());
  BOOST_TEST((*early)->date_fault() == "the certificate is not valid yet");
}

BOOST_AUTO_TEST_CASE(one_file_without_the_other_is_refused) {
  certificate_files files;
  const auto pair = files.make("good");
  BOOST_TEST(says(refusal({pair.certificate, ""}, "--tls-key"), "both or none"));
  BOOST_TEST(says(refusal({"", pair.key}, "--tls-cert"), "both or none"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_used_is_named) {
  certificate_files files;
  const auto pair = files.make("good");
  const auto none = files.path("none");
  const auto text = files.write("text", "no PEM\n");
  const auto large = files.write("large", std::string((1 << 20) + 1, 'x'));
  BOOST_TEST(says(refusal({none, pair.key}, none), "No such file"));
  BOOST_TEST(says(refusal({pair.certificate, none}, none), "No such file"));
  BOOST_TEST(says(refusal({text, pair.key}, text), "no certificate"));
  BOOST_TEST(says(refusal({pair.certificate, text}, text), "no private key"));
  BOOST_TEST(says(refusal({large, pair.key}, large), "longer than"));
  BOOST_TEST(says(refusal({"/dev/zero", pair.key}, "/dev/zero"), "no regular file"));
  BOOST_TEST(says(refusal({"/tmp", pair.key}, "/tmp"), "no regular file"));
}

BOOST_AUTO_TEST_CASE(a_broken_certificate_behind_the_first_is_refused) {
  certificate_files files;
  const auto pair = files.make("good");
  std::ifstream whole(pair.certificate);
  const std::string first((std::istreambuf_iterator<char>(whole)), {});
  const auto broken = files.write("broken", first + "-----BEGIN CERTIFICATE-----\nMIIB\n"
                                                    "-----END CERTIFICATE-----\n");
  BOOST_TEST(says(refusal({broken, pair.key}, broken), "broken certificate"));
  const auto twice = files.write("twice", first + "\n" + first);
  BOOST_TEST(tls_context::load({twice, pair.key}).has_value());
}

BOOST_AUTO_TEST_CASE(the_key_of_another_certificate_is_refused) {
  certificate_files files;
  const auto pair = files.make("good");
  const auto other = files.make("other");
  BOOST_TEST(says(refusal({pair.certificate, other.key}, other.key), "is not the key"));
}

BOOST_AUTO_TEST_CASE(a_key_that_every_user_may_read_is_refused) {
  certificate_files files;
  const auto pair = files.make("good");
  for (const unsigned mode : {0604U, 0602U, 0644U}) {
    certificate_files::permit(pair.key, mode);
    BOOST_TEST(says(refusal(pair, pair.key), "chmod o= "));
  }
  certificate_files::permit(pair.key, 0640);
  BOOST_TEST(tls_context::load(pair).has_value());
}

BOOST_AUTO_TEST_CASE(a_reload_that_fails_keeps_what_there_was) {
  certificate_files files;
  const auto pair = files.make("good");
  tls_source source(pair);
  BOOST_TEST(!source.current());
  BOOST_TEST(source.reload().has_value());
  const auto first = source.current();
  BOOST_REQUIRE(first);
  files.write("good.key", "no PEM\n");
  BOOST_TEST(source.reload().has_error());
  BOOST_TEST(source.current() == first);
  (void)files.make("good");
  BOOST_TEST(source.reload().has_value());
  BOOST_TEST(source.current() != first);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http::testing
