#include "snapshots/verified_snapshot.hpp"

#include "domain/core/try.hpp"
#include "snapshots/examined_log.hpp"
#include "snapshots/file_digests.hpp"
#include "store/audit/verify_tree.hpp"
#include "store/open_log.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace headwater::snapshots {
namespace {

namespace fs = std::filesystem;

error wrong(std::string_view what, const std::string& why) {
  return {errc::corrupt_log, std::string{what} + " " + why};
}

/// Checks that the same files are there, with the same sizes. Both lists are sorted by name.
result<void> compare_names(const std::vector<file_entry>& there,
                           const std::vector<file_entry>& told) {
  if (std::ranges::adjacent_find(told, std::ranges::greater_equal{}, &file_entry::name) !=
      told.end())
    return wrong(manifest_name, "does not name its files in order");
  auto next = there.begin();
  for (const auto& file : told) {
    if (next != there.end() && next->name < file.name)
      return wrong(next->name, "is not in MANIFEST.json");
    if (next == there.end() || next->name != file.name)
      return wrong(file.name, "is missing");
    if (next->size != file.size)
      return wrong(file.name, "has " + std::to_string(next->size) +
                                  " bytes, and MANIFEST.json says " + std::to_string(file.size));
    ++next;
  }
  if (next != there.end())
    return wrong(next->name, "is not in MANIFEST.json");
  return {};
}

result<void> compare_digests(const std::vector<file_entry>& there,
                             const std::vector<file_entry>& told) {
  for (std::size_t i = 0; i < told.size(); ++i)
    if (there[i] != told[i])
      return wrong(told[i].name, "does not have the SHA-256 that MANIFEST.json says");
  return {};
}

result<void> compare_contents(const contents& there, const manifest& said) {
  const auto& told = said.holds;
  const std::tuple<const char*, std::uint64_t, std::uint64_t> counts[] = {
      {"position", there.position, told.position},
      {"time", static_cast<std::uint64_t>(there.time), static_cast<std::uint64_t>(told.time)},
      {"events", there.events, told.events},
      {"streams", there.streams, told.streams},
      {"accounts", there.accounts, told.accounts},
      {"connections", there.connections, told.connections}};
  for (const auto& [name, found, expected] : counts)
    if (found != expected)
      return wrong(manifest_name, "says " + std::string{name} + " " + std::to_string(expected) +
                                      ", and the log has " + std::to_string(found));
  if (there.chain != told.chain)
    return wrong(manifest_name, "has another chain value than the log's last event");
  if (there.heads != told.heads)
    return wrong(manifest_name, "has another digest of the stream heads than the log");
  if (said.merkle_root() && there.merkle_root != told.merkle_root)
    return wrong(manifest_name, "has another Merkle root than the log");
  return {};
}

/// How many events are covered by a checkpoint in the snapshot that the key has signed. The root of
/// each is compared with the events themselves.
result<std::uint64_t> proven_by(const fs::path& snapshot, const note_verifier& key,
                                const progress& say) {
  constexpr std::uint64_t between_reports = 4096;
  TRY(const auto opened, store::open_log_to_read(snapshot, store::most_open_tables));
  const std::optional verifier{key};
  store::tree_verifier tree{opened->tables(), verifier};
  CHECK(tree.begin());
  const auto end = opened->events().end().position;
  const auto read =
      opened->events().read_all(1, [&](const store::recorded_event& event) -> result<void> {
        CHECK(tree.add(event.chain));
        const auto at = event.header.position;
        return at % between_reports == 0 || at == end ? tell(say, "comparing", at, end)
                                                      : result<void>{};
      });
  if (!read)
    return read.error();
  TRY(const auto found, tree.finish());
  if (found.proven == 0)
    return error{errc::corrupt_log,
                 "no checkpoint in the snapshot is signed by the key " + key.name()};
  return found.proven;
}

} // namespace

result<verified_snapshot> verify_snapshot(const fs::path& snapshot, const progress& say,
                                          const noted_facts& noted) {
  verified_snapshot out;
  TRY(out.what, read_manifest(snapshot, noted.manifest_sha256));
  TRY(auto files, list_files(snapshot));
  CHECK(compare_names(files, out.what.files));
  CHECK(hash_files(snapshot, files, say));
  CHECK(compare_digests(files, out.what.files));
  TRY(auto found, examine(snapshot, say));
  CHECK(compare_contents(found, out.what));
  if (noted.key) {
    TRY(out.proven, proven_by(snapshot, *noted.key, say));
  }
  return out;
}

} // namespace headwater::snapshots
