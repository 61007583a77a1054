#include "tools/log.hpp"

#include "store/rocksdb_log.hpp"
#include "store/verify.hpp"
#include "tools/failure.hpp"

#include <iostream>
#include <unistd.h>

namespace headwater::tools {
namespace {

constexpr int violated = 1;
constexpr int could_not_run = 2;

int say(const error& why) {
  failure(why);
  return why.code == errc::corrupt_log ? violated : could_not_run;
}

} // namespace

int verify_log(const log_options& with) {
  auto log = store::open_for_reading(with.data);
  if (!log)
    return say(log.error());
  const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
  const auto end = (*log)->end().position;
  auto verified = store::verify_log(**log, [&](std::uint64_t position) {
    if (on_terminal)
      std::cerr << '\r' << position << " of " << end << " events" << std::flush;
  });
  if (on_terminal)
    std::cerr << "\r\x1b[K";
  if (!verified)
    return say(verified.error());
  std::cout << "verified " << verified->events << " events in " << verified->streams << " streams";
  if (verified->erased > 0)
    std::cout << ", " << verified->erased << " of them erased";
  std::cout << '\n';
  return 0;
}

} // namespace headwater::tools
