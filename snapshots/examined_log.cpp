#include "snapshots/examined_log.hpp"

#include "domain/core/sha256_stream.hpp"
#include "domain/core/try.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/audit/verify.hpp"
#include "store/log/records.hpp"
#include "store/open_log.hpp"
#include "store/tables/keys.hpp"

namespace headwater::snapshots {
namespace {

constexpr std::uint64_t events_between_progress = 4096;

/// The digest of all heads, which have been verified.
result<digest> digest_of_heads(const store::event_log& log) {
  sha256_stream hash;
  auto visited = log.visit_heads(
      [&](const store::stream_name& stream, const store::stream_head& head) -> result<void> {
        hash.update(store::stream_key(stream));
        hash.update(store::write_stream_head(head));
        return {};
      });
  if (!visited)
    return visited.error();
  return hash.finish();
}

} // namespace

result<contents> examine(const std::filesystem::path& directory, const progress& say,
                         std::size_t open_tables) {
  TRY(const auto opened, store::open_log_to_read(directory, open_tables));
  const auto& log = opened->events();
  contents out;
  merkle_frontier tree;
  const auto end = log.end();
  auto verified =
      store::verify_log(log, {}, [&](const store::recorded_event& event) -> result<void> {
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
  CHECK(opened->check_tables(
      [&](std::uint64_t done, std::uint64_t of) { return tell(say, "checking", done, of); }));
  out.position = end.position;
  out.chain = end.chain;
  out.time = end.time;
  out.events = verified->events;
  out.streams = verified->streams;
  TRY(auto heads, digest_of_heads(log));
  out.heads = heads;
  out.merkle_root = tree.root();
  return out;
}

} // namespace headwater::snapshots
