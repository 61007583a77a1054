#include "tests/tools/scratch.hpp"
#include "tools/terminal/progress.hpp"

#include <fcntl.h>

namespace headwater::tools {
namespace {

/// Standard error of the process is a terminal, or a file, as long as this lives.
class standard_error {
public:
  enum class kind : std::uint8_t { terminal = 1, file };

  explicit standard_error(kind of) {
    int now = -1;
    if (of == kind::terminal) {
      terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
      BOOST_REQUIRE((::grantpt(terminal_) == 0 && ::unlockpt(terminal_) == 0));
      now = ::open(::ptsname(terminal_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    } else {
      now = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    }
    BOOST_REQUIRE(now >= 0);
    ::dup2(now, STDERR_FILENO);
    ::close(now);
  }
  ~standard_error() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    if (terminal_ >= 0)
      ::close(terminal_);
  }
  standard_error(const standard_error&) = delete;
  standard_error& operator=(const standard_error&) = delete;

private:
  int before_ = ::dup(STDERR_FILENO);
  int terminal_ = -1;
};

} // namespace

BOOST_AUTO_TEST_SUITE(progress_bar)

BOOST_AUTO_TEST_CASE(a_file_gets_none_of_it) {
  const standard_error file{standard_error::kind::file};
  const testing::captured_output output;
  {
    progress bar;
    bar.show("sending", 1, 2);
    bar.say("waiting");
    bar.clear();
  }
  BOOST_TEST(output.err() == "");
}

BOOST_AUTO_TEST_CASE(a_terminal_sees_how_much_is_done_and_then_nothing) {
  const standard_error terminal{standard_error::kind::terminal};
  const testing::captured_output output;
  {
    progress bar;
    bar.show("sending", 15, 30);
    BOOST_TEST(output.err() == "\r\x1b[Ksending [###############...............] 50 %");
  }
  BOOST_TEST(output.err().ends_with("50 %\r\x1b[K"));
}

BOOST_AUTO_TEST_CASE(it_is_drawn_at_times_and_at_the_end) {
  const standard_error terminal{standard_error::kind::terminal};
  const testing::captured_output output;
  progress bar;
  for (int i = 1; i < 1000; ++i)
    bar.show("reading", 0, 1000); // within a few microseconds
  bar.show("reading", 1000, 1000);
  const auto text = output.err();
  BOOST_TEST(std::count(text.begin(), text.end(), '\r') < 100);
  BOOST_TEST(text.ends_with("[##############################] 100 %"));
}

BOOST_AUTO_TEST_CASE(without_a_total_bytes_are_told) {
  const standard_error terminal{standard_error::kind::terminal};
  const testing::captured_output output;
  progress bar;
  bar.show("receiving", 3 * 1024 + 1, 0);
  BOOST_TEST(output.err() == "\r\x1b[Kreceiving 3 KiB");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
