#include "actors/clock.hpp"

#include "domain/core/ulid.hpp"

#include <cerrno>
#include <cstdlib>
#include <sys/random.h>

namespace headwater::actors {

micros now() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

void fill_random(std::span<std::uint8_t> out) {
  // One system call serves many salts: each thread draws from a pool of its own.
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
  return make_ulid(static_cast<std::uint64_t>(now() / 1000), random_bytes<10>());
}

} // namespace headwater::actors
