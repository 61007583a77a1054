#include "tools/descriptors.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <sys/resource.h>

namespace headwater::tools {

std::size_t open_descriptors() {
  constexpr std::size_t standard_streams = 3;
  std::error_code failed;
  std::filesystem::directory_iterator at{"/proc/self/fd", failed};
  std::size_t count = 0;
  for (; !failed && at != std::filesystem::directory_iterator{}; at.increment(failed))
    ++count;
  // The listing itself uses one.
  return failed ? standard_streams : std::max(count, standard_streams + 1) - 1;
}

std::size_t raise_descriptor_limit(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 0; // it can only fail for a bad address
  if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
    auto raised = limit;
    raised.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    // If a sandbox forbids it, the present limit has to do.
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
      limit = raised;
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

void raise_descriptor_limit() {
  static_cast<void>(raise_descriptor_limit(std::numeric_limits<std::size_t>::max()));
}

} // namespace headwater::tools
