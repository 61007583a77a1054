#include "tools/descriptors.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

namespace headwater::tools {
namespace {

/// The limit of open files is that of the process: put back in the end.
struct kept_limit {
  kept_limit() { BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0); }
  ~kept_limit() { ::setrlimit(RLIMIT_NOFILE, &before); }

  void set_soft(rlim_t soft) const {
    const rlimit lower{soft, before.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &lower) == 0);
  }

  rlimit before{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors)

BOOST_AUTO_TEST_CASE(open_files_are_counted) {
  const auto before = open_descriptors();
  const int one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int two = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(open_descriptors() == before + 2);
  ::close(one);
  ::close(two);
  BOOST_TEST(open_descriptors() == before);
}

BOOST_FIXTURE_TEST_CASE(a_limit_is_raised_as_far_as_it_is_wanted, kept_limit) {
  set_soft(100);
  BOOST_TEST(raise_descriptor_limit(150) == 150U);
  rlimit now{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &now) == 0);
  BOOST_TEST(now.rlim_cur == 150U);
}

BOOST_FIXTURE_TEST_CASE(a_limit_is_never_lowered, kept_limit) {
  set_soft(200);
  BOOST_TEST(raise_descriptor_limit(10) == 200U);
}

BOOST_FIXTURE_TEST_CASE(the_hard_limit_is_the_end, kept_limit) {
  set_soft(100);
  BOOST_TEST(raise_descriptor_limit(std::numeric_limits<std::size_t>::max()) == before.rlim_max);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
