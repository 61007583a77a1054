// The Merkle tree in table::proofs against the definition in RFC 6962, over both engines.

#include "tests/store/proof_fixture.hpp"

#include <random>

namespace headwater::store::testing {
namespace {

struct quick_rocksdb_engine {
  scratch_directory directory{memory_or_disk()};
  std::unique_ptr<rocksdb_log> log_ = open_or_fail(directory.data());
  rocksdb_log& log() { return *log_; }
  void reopen() {
    log_.reset();
    log_ = open_or_fail(directory.data());
  }
};
struct quick_memory_engine : memory_engine {
  void reopen() {}
};
using quick_engines = std::tuple<quick_memory_engine, quick_rocksdb_engine>;

void put_proof_row(table_store& tables, std::string key, std::optional<std::string> value) {
  const table_write row{table::proofs, std::move(key), std::move(value)};
  BOOST_REQUIRE(tables.put({&row, 1}).has_value());
}

/// That every size and every leaf of the tree is as the definition has it.
void check_whole(const log_engine& log, std::size_t size) {
  const auto chains = chains_of(log.events());
  const auto root = naive_root(chains, 0, size);
  for (std::size_t i = 0; i < size; ++i) {
    auto path = inclusion_path(i, size, stored_nodes(log.tables()));
    BOOST_REQUIRE_MESSAGE(path, path.error().message);
    auto shown = verify_inclusion(leaf_of(chains[i]), i, size, *path, root);
    BOOST_REQUIRE_MESSAGE(shown, "leaf " << i << " of " << size << ": " << shown.error().message);
  }
  for (std::size_t from = 1; from <= size; from += 7) {
    auto path = consistency_path(from, size, stored_nodes(log.tables()));
    BOOST_REQUIRE_MESSAGE(path, path.error().message);
    BOOST_REQUIRE(verify_consistency(from, naive_root(chains, 0, from), size, root, *path));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_stored_tree)

BOOST_AUTO_TEST_CASE_TEMPLATE(has_the_root_of_the_definition_at_every_size, Engine, quick_engines) {
  constexpr std::size_t most = 600;
  Engine engine;
  filler events{engine.log()};
  auto tree = grown_tree(engine.log());
  std::vector<digest> roots{tree.root()};
  for (std::size_t size = 1; size <= most; ++size) {
    events.add(1);
    BOOST_REQUIRE(tree.grow(size, 1).has_value());
    BOOST_REQUIRE_EQUAL(tree.size(), size);
    roots.push_back(tree.root());
    if (size % 97 == 0) { // a restart of the process
      engine.reopen();
      events = filler{engine.log()};
      tree = grown_tree(engine.log());
    } else if (size % 5 == 0) {
      tree = grown_tree(engine.log());
    }
    BOOST_REQUIRE(!tree.why_anew());
    BOOST_REQUIRE_EQUAL(tree.size(), size);
    BOOST_REQUIRE(tree.root() == roots.back());
  }
  const auto chains = chains_of(engine.log());
  for (std::size_t size = 0; size <= most; ++size) {
    BOOST_REQUIRE(roots[size] == naive_root(chains, 0, size));
    BOOST_REQUIRE(stored_root(engine.log(), size).value() == roots[size]);
  }
  check_whole(engine.log(), 255);
  check_whole(engine.log(), 257);
  check_whole(engine.log(), most);
}

BOOST_AUTO_TEST_CASE(with_three_layers_of_tiles_proves_leaves_and_earlier_sizes) {
  constexpr std::size_t most = 66'000;
  memory_log log;
  filler{log}.add(most, 1000);
  auto tree = grown_tree(log);
  merkle_frontier frontier;
  const auto chains = chains_of(log);
  for (const auto& chain : chains)
    frontier.append(leaf_of(chain));
  BOOST_TEST((tree.root() == frontier.root()));
  BOOST_TEST((stored_root(log, most).value() == frontier.root()));
  BOOST_TEST(log.get(table::proofs, tile_key(2, 0))->has_value());
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  for (int i = 0; i < 200; ++i) {
    const auto size = 1 + random() % most;
    const auto index = random() % size;
    auto path = inclusion_path(index, size, stored_nodes(log)).value();
    auto root = stored_root(log, size).value();
    BOOST_TEST(verify_inclusion(leaf_of(chains[index]), index, size, path, root).has_value());
    auto later = consistency_path(size, most, stored_nodes(log)).value();
    BOOST_TEST(verify_consistency(size, root, most, frontier.root(), later).has_value());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(that_is_damaged_is_made_again, Engine, quick_engines) {
  Engine engine;
  auto& log = engine.log();
  filler{log}.add(300);
  const auto root = grown_tree(log).root();
  const auto frontier = log.get(table::proofs, frontier_key).value().value();
  const auto tile = log.get(table::proofs, tile_key(0, 1)).value().value();
  auto flipped_frontier = frontier;
  flipped_frontier[20] ^= 1;
  auto flipped_tile = tile;
  flipped_tile[40] ^= 1;
  const std::pair<std::string, std::optional<std::string>> damages[] = {
      {std::string{frontier_key}, flipped_frontier},
      {std::string{frontier_key}, "nonsense"},
      {tile_key(0, 1), flipped_tile},
      {tile_key(0, 1), std::nullopt},
      {tile_key(0, 1), tile.substr(0, tile.size() - 32)},
      {tile_key(1, 0), std::nullopt},
  };
  for (const auto& [key, value] : damages) {
    put_proof_row(log, key, value);
    auto tree = grown_tree(log);
    BOOST_TEST(tree.why_anew().has_value());
    BOOST_TEST((tree.root() == root));
    BOOST_TEST((log.get(table::proofs, frontier_key).value() == frontier));
    BOOST_TEST((log.get(table::proofs, tile_key(0, 1)).value() == tile));
    BOOST_TEST(!grown_tree(log).why_anew().has_value());
  }
}

BOOST_AUTO_TEST_CASE(without_its_frontier_is_made_again_in_silence) {
  memory_log log;
  filler{log}.add(30);
  const auto root = grown_tree(log).root();
  put_proof_row(log, std::string{frontier_key}, std::nullopt);
  auto tree = grown_tree(log);
  BOOST_TEST(!tree.why_anew());
  BOOST_TEST((tree.root() == root));
}

BOOST_AUTO_TEST_CASE(that_is_ahead_of_the_log_is_made_again) {
  memory_log longer;
  filler{longer}.add(40);
  grown_tree(longer);
  memory_log log;
  filler{log}.add(30);
  for (const auto& key : {std::string{frontier_key}, tile_key(0, 0)})
    put_proof_row(log, key, longer.get(table::proofs, key).value());
  auto tree = grown_tree(log);
  BOOST_REQUIRE(tree.why_anew().has_value());
  BOOST_TEST(tree.why_anew()->find("covers 40") != std::string::npos);
  BOOST_TEST((tree.root() == naive_root(chains_of(log), 0, 30)));
}

BOOST_AUTO_TEST_CASE(stays_as_it_was_when_a_write_fails_and_the_log_stops) {
  memory_log log;
  filler{log}.add(5);
  auto tree = stored_tree::open(log.proofs(), log.tables()).value();
  BOOST_REQUIRE(tree.grow(3, 10).has_value());
  log.fail_next_commit("the disk is full");
  auto grown = tree.grow(5, 10);
  BOOST_REQUIRE(grown.has_error());
  BOOST_TEST(tree.size() == 3U);
  BOOST_TEST((log.stopped_reason() == "the disk is full"));
  BOOST_TEST(stored_size(log).value().value() == 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_rebuilt_when_asked, Engine, quick_engines) {
  Engine engine;
  filler{engine.log()}.add(20);
  std::uint64_t told = 0;
  auto& log = engine.log();
  const auto tell = [&](std::uint64_t size, std::uint64_t) { told = size; };
  BOOST_REQUIRE(rebuild_tree(log.proofs(), log.tables(), tell).has_value());
  BOOST_TEST(told == 20U);
  BOOST_TEST(stored_size(engine.log()).value().value() == 20U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(chain_values)

BOOST_AUTO_TEST_CASE_TEMPLATE(come_in_order_and_bounded, Engine, quick_engines) {
  Engine engine;
  filler{engine.log()}.add(50, 3);
  const auto all = chains_of(engine.log());
  const auto check = [&] {
    for (std::uint64_t from = 1; from <= 52; ++from)
      for (const std::size_t most : {0, 1, 9, 100}) {
        auto some = engine.log().chains(from, most);
        BOOST_REQUIRE_MESSAGE(some, some.error().message);
        const auto begin = std::min<std::size_t>(from - 1, all.size());
        const auto end = std::min(begin + most, all.size());
        const std::vector<digest> expected{all.begin() + static_cast<std::ptrdiff_t>(begin),
                                           all.begin() + static_cast<std::ptrdiff_t>(end)};
        BOOST_REQUIRE((*some == expected));
      }
  };
  check();
  engine.reopen(); // from records, not from memory
  check();
}

BOOST_AUTO_TEST_CASE(of_the_last_commits_are_held_up_to_a_bound) {
  recent_chains held;
  const auto chain = [](std::uint64_t position) { return sha256({std::to_string(position)}); };
  constexpr std::uint64_t last = 7 + recent_chains::capacity;
  for (std::uint64_t position = 5; position <= last; ++position)
    held.add(position, chain(position));
  BOOST_TEST(held.get(7, 1).empty());
  BOOST_TEST((held.get(8, 1) == std::vector<digest>{chain(8)}));
  BOOST_TEST((held.get(last - 1, 2) == std::vector<digest>{chain(last - 1), chain(last)}));
  BOOST_TEST(held.get(last + 1, 1).empty());
  BOOST_TEST(recent_chains{}.get(1, 1).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
