#include "actors/protocol/clock.hpp"

#include "domain/core/ulid.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <sys/random.h>

namespace headwater::actors {

micros now() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

micros log_time(const store::event_log& log) {
  return std::max(now(), log.end().time);
}

micros since_boot() {
  timespec at{};
  ::clock_gettime(CLOCK_BOOTTIME, &at);
  const std::chrono::nanoseconds rest{at.tv_nsec};
  const auto whole = std::chrono::seconds{at.tv_sec} + rest;
  return std::chrono::duration_cast<std::chrono::microseconds>(whole).count();
}

void fill_random(std::span<std::uint8_t> out) {
  // One system call supplies many salts: each thread has a pool of its own.
  thread_local std::array<std::uint8_t, 1024> pool;
  thread_local std::size_t used = pool.size();
  for (auto& byte : out) {
    if (used == pool.size()) {
      std::size_t filled = 0;
      while (filled < pool.size()) {
        auto got = ::getrandom(pool.data() + filled, pool.size() - filled, 0);
        if (got < 0 && errno != EINTR)
          std::abort();
        filled += got > 0 ? static_cast<std::size_t>(got) : 0;
      }
      used = 0;
    }
    byte = pool[used];
    pool[used++] = 0;
  }
}

std::string new_ulid() {
  static std::mutex lock;
  static std::uint64_t last_milliseconds = 0;
  static std::array<std::uint8_t, 10> last_random{};
  std::lock_guard hold{lock};
  auto milliseconds = static_cast<std::uint64_t>(now() / 1000);
  if (milliseconds > last_milliseconds) {
    last_milliseconds = milliseconds;
    last_random = random_bytes<10>();
    last_random[0] &= 0x7f; // room to count up within the millisecond
  } else {
    for (auto byte = last_random.rbegin(); byte != last_random.rend() && ++*byte == 0; ++byte)
      continue;
  }
  return make_ulid(last_milliseconds, last_random);
}

} // namespace headwater::actors
