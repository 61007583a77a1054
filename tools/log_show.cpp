#include "store/event_json.hpp"
#include "store/rocksdb_log.hpp"
#include "tools/log.hpp"

#include <cstdio>

namespace headwater::tools {

int show_log(const log_options& with) {
  auto log = store::open_for_reading(with.data);
  if (!log)
    return log_failure(log.error());
  const auto print = [](const store::recorded_event& event) -> result<void> {
    std::string line;
    store::append_event(line, event);
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size())
      return error{errc::io_failed, "cannot write to standard output"};
    return {};
  };
  auto shown =
      with.stream.empty() ? (*log)->read_all(1, print) : (*log)->read_stream(with.stream, 1, print);
  if (shown && std::fflush(stdout) != 0)
    shown = error{errc::io_failed, "cannot write to standard output"};
  return shown ? 0 : log_failure(shown.error());
}

} // namespace headwater::tools
