#include "snapshots/examining.hpp"

#include "domain/core/sha256_stream.hpp"
#include "store/event_checks.hpp"
#include "store/first_event.hpp"
#include "store/keys.hpp"
#include "store/records.hpp"
#include "store/rocksdb_log.hpp"
#include "store/stored_tree.hpp"
#include "store/verify.hpp"

namespace headwater::snapshots {
namespace {

constexpr std::uint64_t events_between_progress = 4096;

/// That a head names its stream's last event.
result<void> check_head(const store::rocksdb_log& log, const store::stream_name& stream,
                        const store::stream_head& head) {
  auto last = store::first_event(log, stream, head.version);
  if (!last)
    return last.error();
  if (!*last)
    return store::corrupt_event(stream, head.version, "its stream's head names it, and it is gone");
  const auto& header = (*last)->header;
  if (header.sequence != head.version || header.position != head.position ||
      (*last)->chain != head.chain)
    return store::corrupt_event(stream, header.sequence,
                                "its stream's head names another last event");
  return {};
}

/// Checks all heads against the events and gives their digest.
result<digest> check_heads(const store::rocksdb_log& log, const contents& found) {
  sha256_stream hash;
  std::uint64_t streams = 0;
  std::uint64_t events = 0;
  auto visited = log.visit_heads(
      [&](const store::stream_name& stream, const store::stream_head& head) -> result<void> {
        ++streams;
        events += head.version;
        hash.update(store::stream_key(stream));
        hash.update(store::write_stream_head(head));
        return check_head(log, stream, head);
      });
  if (!visited)
    return visited.error();
  if (streams != found.streams || events != found.events)
    return error{errc::corrupt_log, "the heads of " + std::to_string(streams) + " streams name " +
                                        std::to_string(events) + " events, and the log has " +
                                        std::to_string(found.streams) + " and " +
                                        std::to_string(found.events)};
  return hash.finish();
}

} // namespace

result<contents> examine(const std::filesystem::path& directory, const progress& say) {
  auto log = store::open_for_reading(directory);
  if (!log)
    return log.error();
  contents out;
  merkle_frontier tree;
  const auto end = (*log)->end();
  auto verified =
      store::verify_log(**log, {}, [&](const store::recorded_event& event) -> result<void> {
        const auto& header = event.header;
        tree.append(store::leaf_of(event.chain));
        if (header.stream == "system" && header.type == "account_created")
          ++out.accounts;
        if (header.sequence == 1 && header.stream.starts_with("connection/"))
          ++out.connections;
        if (header.position % events_between_progress != 0 && header.position != end.position)
          return {};
        return tell(say, "verifying", header.position, end.position);
      });
  if (!verified)
    return verified.error();
  out.position = end.position;
  out.chain = end.chain;
  out.time = end.time;
  out.events = verified->events;
  out.streams = verified->streams;
  auto heads = check_heads(**log, out);
  if (!heads)
    return heads.error();
  out.heads = *heads;
  out.merkle_root = tree.root();
  return out;
}

} // namespace headwater::snapshots
