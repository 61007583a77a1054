#include "domain/core/varint.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using headwater::append_signed_varint;
using headwater::append_varint;
using headwater::int128;
using headwater::varint_reader;

/// Whether the bytes are one number, read without a sign.
bool is_number(const std::string& bytes) {
  varint_reader in(bytes);
  static_cast<void>(in.varint());
  return in.good() && in.at_end();
}

bool is_signed_number(const std::string& bytes) {
  varint_reader in(bytes);
  static_cast<void>(in.signed_varint());
  return in.good() && in.at_end();
}

BOOST_AUTO_TEST_SUITE(a_varint)

BOOST_AUTO_TEST_CASE(is_read_as_it_was_written) {
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{128},
        std::uint64_t{1} << 62U, std::uint64_t{1} << 63U, ~std::uint64_t{0}}) {
    std::string bytes;
    append_varint(bytes, value);
    varint_reader in(bytes);
    BOOST_TEST(in.varint() == value);
    BOOST_TEST(in.good());
    BOOST_TEST(in.at_end());
  }
}

BOOST_AUTO_TEST_CASE(with_a_sign_is_read_as_it_was_written) {
  for (unsigned bits = 0; bits < 127; ++bits)
    for (const int128 value : {int128{1} << bits, -(int128{1} << bits), (int128{1} << bits) - 1}) {
      std::string bytes;
      append_signed_varint(bytes, value);
      varint_reader in(bytes);
      BOOST_TEST((in.signed_varint() == value));
      BOOST_TEST(in.good());
      BOOST_TEST(in.at_end());
    }
}

BOOST_AUTO_TEST_CASE(has_no_second_form) {
  using namespace std::string_literals;
  BOOST_TEST(is_number("\x00"s));
  BOOST_TEST(!is_number("\x80\x00"s));
  BOOST_TEST(!is_number("\xff\xff\x00"s));
  BOOST_TEST(is_signed_number("\x00"s));
  BOOST_TEST(!is_signed_number("\x81\x00"s));
  // Where nine bytes are at hand they are read by another way.
  BOOST_TEST(!is_signed_number("\xff\xff\xff\xff\xff\xff\xff\xff\x00"s));
  BOOST_TEST(!is_signed_number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"s));
}

BOOST_AUTO_TEST_CASE(has_no_bits_beyond_its_type) {
  using namespace std::string_literals;
  const std::string nine(9, '\xff');
  BOOST_TEST(is_number(nine + "\x01"s));
  BOOST_TEST(!is_number(nine + "\x02"s));
  BOOST_TEST(!is_number(nine + "\x7f"s));
  const std::string eighteen(18, '\xff');
  BOOST_TEST(is_signed_number(eighteen + "\x03"s));
  BOOST_TEST(!is_signed_number(eighteen + "\x04"s));
}

BOOST_AUTO_TEST_CASE(that_breaks_off_is_a_fault) {
  BOOST_TEST(!is_number("\x80"));
  BOOST_TEST(!is_number(""));
  BOOST_TEST(!is_signed_number("\x80"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
