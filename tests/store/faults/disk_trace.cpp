#include "tests/store/faults/disk_trace.hpp"

#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

namespace headwater::store::testing {
namespace {

struct entry_head {
  traced what;
  std::uint64_t file;
  std::uint64_t offset;
  std::uint64_t path_size;
  std::uint64_t text_size;
};

} // namespace

void write_trace(int descriptor, const trace_entry& entry) {
  const entry_head head{entry.what, entry.file, entry.offset, entry.path.size(), entry.text.size()};
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += entry.path;
  bytes += entry.text;
  for (std::string_view rest{bytes}; !rest.empty();) {
    // Not write(), which is what gets traced.
    const auto done = ::syscall(SYS_write, descriptor, rest.data(), rest.size());
    if (done <= 0)
      ::_exit(126);
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
}

std::vector<trace_entry> read_trace(int descriptor) {
  std::string bytes;
  bytes.resize(static_cast<std::size_t>(::lseek(descriptor, 0, SEEK_END)));
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::syscall(SYS_pread64, descriptor, bytes.data() + size, bytes.size() - size,
                               static_cast<off_t>(size));
    if (got <= 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  std::vector<trace_entry> out;
  std::string_view rest{bytes.data(), size};
  entry_head head{};
  while (rest.size() >= sizeof head) {
    std::memcpy(&head, rest.data(), sizeof head);
    rest.remove_prefix(sizeof head);
    if (rest.size() < head.path_size + head.text_size)
      break;
    out.push_back({head.what, head.file, head.offset, std::string{rest.substr(0, head.path_size)},
                   std::string{rest.substr(head.path_size, head.text_size)}});
    rest.remove_prefix(head.path_size + head.text_size);
  }
  return out;
}

} // namespace headwater::store::testing
