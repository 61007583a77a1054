#pragma once

// What the tests of the tree and its checkpoints share: logs with events, a key, signed
// checkpoints.

#include "log_fixture.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/disk/key_file.hpp"

namespace headwater::store::testing {

/// Appends events to streams in turn, one commit for `together` of them.
class filler {
public:
  explicit filler(event_log& log) : log_(&log) {}

  void add(std::size_t events, std::size_t together = 1) {
    for (std::size_t done = 0; done < events; done += together) {
      const auto stream = "account/a" + std::to_string(turn_++ % streams);
      const auto count = std::min(together, events - done);
      must_append(*log_, request_of(stream, *log_->version(stream), count));
    }
  }

private:
  static constexpr std::size_t streams = 3;

  event_log* log_;
  std::size_t turn_ = 0;
};

/// Grows the whole tree.
inline stored_tree grown_tree(log_engine& log) {
  auto tree = stored_tree::open(log.proofs(), log.tables());
  BOOST_REQUIRE_MESSAGE(tree, tree.error().message);
  while (tree->size() < log.proofs().provable_events()) {
    auto grown = tree->grow(log.proofs().provable_events(), 1000);
    BOOST_REQUIRE_MESSAGE(grown, grown.error().message);
  }
  return std::move(*tree);
}

inline log_key test_key(std::string_view origin = "headwater/test", char seed = 's') {
  return make_log_key(origin, std::string(32, seed)).value();
}

/// Signs what the tree says and stores it.
inline void cut(log_engine& log, const stored_tree& tree, const log_key& key) {
  auto note = render(checkpoint{key.origin(), tree.size(), tree.root(), {}}, key.key);
  BOOST_REQUIRE_MESSAGE(note, note.error().message);
  auto put = put_checkpoint(log.proofs(), log.tables(), tree.size(), *note);
  BOOST_REQUIRE_MESSAGE(put, put.error().message);
}

/// MTH of RFC 6962 over the log's first events, as it is written there.
inline digest naive_root(const std::vector<digest>& chains, std::size_t begin, std::size_t end) {
  if (end - begin == 0)
    return sha256({""});
  if (end - begin == 1)
    return sha256({std::string_view("\0", 1), as_bytes(chains[begin])});
  std::size_t half = 1;
  while (half * 2 < end - begin)
    half *= 2;
  return sha256({"\1", as_bytes(naive_root(chains, begin, begin + half)),
                 as_bytes(naive_root(chains, begin + half, end))});
}

inline std::vector<digest> chains_of(const event_log& log) {
  std::vector<digest> out;
  auto read = log.read_all(1, [&](const recorded_event& event) -> result<void> {
    out.push_back(event.chain);
    return {};
  });
  BOOST_REQUIRE_MESSAGE(read, read.error().message);
  return out;
}

} // namespace headwater::store::testing
