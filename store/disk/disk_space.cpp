#include "store/disk/disk_space.hpp"

#include "store/disk/files.hpp"

#include <algorithm>
#include <sys/statvfs.h>

namespace headwater::store {

result<disk_space> disk_space_of(const std::filesystem::path& directory) {
  struct statvfs found {};
  if (::statvfs(directory.c_str(), &found) != 0)
    return errno_error("cannot tell the free space of", directory);
  const std::uint64_t block = found.f_frsize;
  return disk_space{found.f_bavail * block, found.f_blocks * block};
}

std::uint64_t bytes_of(const low_water& mark, std::uint64_t size_of_disk) {
  constexpr std::uint64_t hundred = 100;
  if (mark.percent == 0)
    return 0;
  const auto part = size_of_disk / hundred * mark.percent;
  return std::max(least_low_water, std::min(part, mark.most));
}

} // namespace headwater::store
