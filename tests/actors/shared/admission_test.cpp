// What an operator hears of the disk. quota_test.cpp has what is refused.

#include "actors/shared/admission.hpp"
#include "tests/store/memory_log.hpp"

#include <boost/test/unit_test.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace headwater::actors {
namespace {

/// What is logged while it lives.
class heard_log {
public:
  heard_log() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("heard", std::move(sink)));
  }
  ~heard_log() { spdlog::set_default_logger(before_); }
  heard_log(const heard_log&) = delete;
  heard_log& operator=(const heard_log&) = delete;

  [[nodiscard]] std::size_t count(const std::string& words) const {
    const auto text = text_.str();
    std::size_t out = 0;
    for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1))
      ++out;
    return out;
  }

private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(admissions)

BOOST_AUTO_TEST_CASE(a_disk_that_cannot_be_asked_is_told_once) {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  const auto log = std::make_shared<store::memory_log>();
  const auto status = std::make_shared<disk_status>();
  admission one{log, {}, {}, status, std::make_shared<metrics>()};
  const heard_log heard;
  log->set_disk(store::disk_room{{500 * mebibyte, 1'000 * mebibyte}, 0, 0});
  one.look_at_disk();
  BOOST_TEST(heard.count("does not tell") == 0U);
  for (int round = 1; round <= 2; ++round) {
    log->set_disk(std::nullopt);
    for (int i = 0; i < 3; ++i)
      one.look_at_disk();
    BOOST_TEST(heard.count("the disk does not tell how much room it has") ==
               static_cast<std::size_t>(round));
    log->set_disk(store::disk_room{{500 * mebibyte, 1'000 * mebibyte}, 0, 0});
    one.look_at_disk();
    BOOST_TEST(heard.count("the disk tells again") == static_cast<std::size_t>(round));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::actors
