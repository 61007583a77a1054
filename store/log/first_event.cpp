#include "store/log/first_event.hpp"

namespace headwater::store {

result<std::optional<recorded_event>> first_event(const event_log& log, const stream_name& stream,
                                                  std::uint64_t from) {
  std::optional<recorded_event> found;
  const auto take = [&](const recorded_event& event) -> result<void> {
    found = event;
    return error{errc::internal_error, "enough"}; // ends the reading, and is not looked at
  };
  auto read = stream.empty() ? log.read_all(from, take) : log.read_stream(stream, from, take);
  if (!found && !read)
    return read.error();
  return found;
}

} // namespace headwater::store
