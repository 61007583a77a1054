#include "domain/proofs/merkle_path.hpp"
#include "tests/domain/proofs/naive_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>

using namespace headwater;
using namespace headwater::testing;

namespace {

constexpr std::size_t largest = 300;

struct fixture {
  fixture() {
    for (std::size_t i = 0; i < largest; ++i)
      tree.append(naive.entry(i));
  }

  naive_tree naive{largest};
  kept_tree tree;
};

bool is_refused(const result<void>& outcome) {
  return !outcome && outcome.error().code == errc::validation_error &&
         !outcome.error().message.empty();
}

/// Calls test() with every bit of the hash flipped, one at a time.
template <class Test>
void with_each_bit_flipped(digest& hash, Test test) {
  for (std::size_t bit = 0; bit < hash.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1 << bit % 8);
    hash[bit / 8] ^= mask;
    test();
    hash[bit / 8] ^= mask;
  }
}

/// Paths like this one, each with a hash more or less.
std::vector<std::vector<digest>> of_other_lengths(const std::vector<digest>& path,
                                                  const digest& root) {
  std::vector<std::vector<digest>> out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out.push_back(path);
    out.back().erase(out.back().begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t i = 0; i <= path.size(); ++i)
    for (const auto& extra : {digest{}, root, path.empty() ? root : path.front()}) {
      out.push_back(path);
      out.back().insert(out.back().begin() + static_cast<std::ptrdiff_t>(i), extra);
    }
  return out;
}

/// A tree of equal leaves: the hash of a complete subtree depends on its level alone, so trees of
/// any size can be made up.
struct uniform_tree {
  uniform_tree() {
    levels[0] = merkle_leaf("same");
    for (std::size_t i = 1; i < levels.size(); ++i)
      levels[i] = merkle_node(levels[i - 1], levels[i - 1]);
  }

  [[nodiscard]] digest root(std::uint64_t size) const {
    std::optional<digest> hash;
    for (std::size_t level = 0; level < 64; ++level)
      if ((size >> level & 1) != 0)
        hash = hash ? merkle_node(levels[level], *hash) : levels[level];
    return *hash;
  }

  [[nodiscard]] merkle_nodes nodes_of(std::uint64_t size, std::size_t& asked) const {
    asked = 0;
    return [this, size, &asked](unsigned level, std::uint64_t index) -> result<digest> {
      ++asked;
      if (level > 63 || index >= size >> level)
        return error{errc::internal_error, "asked for an incomplete subtree"};
      return levels[level];
    };
  }

  std::array<digest, 64> levels;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(merkle_path, fixture)

BOOST_AUTO_TEST_CASE(inclusion_of_every_leaf_of_every_size_up_to_300) {
  for (std::size_t size = 1; size <= largest; ++size)
    for (std::size_t index = 0; index < size; ++index) {
      const auto path = inclusion_path(index, size, tree.nodes_of(size));
      BOOST_REQUIRE_MESSAGE(path, (path ? "" : path.error().message));
      BOOST_REQUIRE(*path == naive.path(index, 0, size));
      BOOST_REQUIRE(verify_inclusion(merkle_leaf(naive.entry(index)), index, size, *path,
                                     naive.root(0, size)));
    }
}

BOOST_AUTO_TEST_CASE(consistency_of_every_pair_of_sizes_up_to_300) {
  for (std::size_t to = 1; to <= largest; ++to)
    for (std::size_t from = 1; from <= to; ++from) {
      const auto path = consistency_path(from, to, tree.nodes_of(to));
      BOOST_REQUIRE_MESSAGE(path, (path ? "" : path.error().message));
      BOOST_REQUIRE(*path == naive.subproof(from, 0, to, true));
      BOOST_REQUIRE(verify_consistency(from, naive.root(0, from), to, naive.root(0, to), *path));
    }
}

BOOST_AUTO_TEST_CASE(inclusion_with_any_bit_changed_is_refused) {
  for (std::size_t size : {1, 2, 3, 5, 8, 13, 64, 127, 300})
    for (std::size_t index : {std::size_t{0}, size / 2, size - 1}) {
      auto leaf = merkle_leaf(naive.entry(index));
      auto root = naive.root(0, size);
      auto path = naive.path(index, 0, size);
      const auto refused = [&] {
        BOOST_REQUIRE(is_refused(verify_inclusion(leaf, index, size, path, root)));
      };
      with_each_bit_flipped(leaf, refused);
      with_each_bit_flipped(root, refused);
      for (auto& hash : path)
        with_each_bit_flipped(hash, refused);
      BOOST_REQUIRE(verify_inclusion(leaf, index, size, path, root));
    }
}

BOOST_AUTO_TEST_CASE(consistency_with_any_bit_changed_is_refused) {
  for (std::size_t to : {1, 2, 3, 5, 8, 13, 64, 127, 300})
    for (std::size_t from : {std::size_t{1}, to / 2 + 1, std::max<std::size_t>(to - 1, 1), to}) {
      auto from_root = naive.root(0, from);
      auto to_root = naive.root(0, to);
      auto path = naive.subproof(from, 0, to, true);
      const auto refused = [&] {
        BOOST_REQUIRE(is_refused(verify_consistency(from, from_root, to, to_root, path)));
      };
      with_each_bit_flipped(from_root, refused);
      with_each_bit_flipped(to_root, refused);
      for (auto& hash : path)
        with_each_bit_flipped(hash, refused);
      BOOST_REQUIRE(verify_consistency(from, from_root, to, to_root, path));
    }
}

BOOST_AUTO_TEST_CASE(paths_with_a_hash_more_or_less_are_refused) {
  for (std::size_t size : {1, 2, 3, 4, 7, 8, 9, 100, 255, 256, 257})
    for (std::size_t at = 1; at <= size; at += size < 10 ? 1 : 17) {
      const auto root = naive.root(0, size);
      const auto leaf = merkle_leaf(naive.entry(at - 1));
      for (const auto& path : of_other_lengths(naive.path(at - 1, 0, size), root))
        BOOST_REQUIRE(is_refused(verify_inclusion(leaf, at - 1, size, path, root)));
      for (const auto& path : of_other_lengths(naive.subproof(at, 0, size, true), root))
        BOOST_REQUIRE(is_refused(verify_consistency(at, naive.root(0, at), size, root, path)));
    }
}

BOOST_AUTO_TEST_CASE(path_of_a_leaf_is_refused_for_every_other_index) {
  for (std::size_t size : {2, 3, 7, 8, 21, 64})
    for (std::size_t index = 0; index < size; ++index)
      for (std::size_t other = 0; other < size + 3; ++other)
        if (other != index)
          BOOST_REQUIRE(
              is_refused(verify_inclusion(merkle_leaf(naive.entry(index)), other, size,
                                          naive.path(index, 0, size), naive.root(0, size))));
}

BOOST_AUTO_TEST_CASE(positions_outside_the_tree_are_errors_that_say_so) {
  const auto nodes = tree.nodes_of(largest);
  const auto root = naive.root(0, 3);
  const auto leaf_error = "leaf 3 is not in a tree of 3";
  BOOST_TEST(inclusion_path(3, 3, nodes).error().message == leaf_error);
  BOOST_TEST(verify_inclusion(root, 3, 3, {}, root).error().message == leaf_error);
  BOOST_TEST(!inclusion_path(0, 0, nodes));
  BOOST_TEST(is_refused(verify_inclusion(empty_merkle_root(), 0, 0, {}, empty_merkle_root())));
  const auto size_error = "no tree of 3 can be shown to start with one of 4";
  BOOST_TEST(consistency_path(4, 3, nodes).error().message == size_error);
  BOOST_TEST(verify_consistency(4, root, 3, root, {}).error().message == size_error);
  BOOST_TEST(!consistency_path(0, 3, nodes));
  BOOST_TEST(is_refused(verify_consistency(0, empty_merkle_root(), 3, root, {})));
  BOOST_TEST(is_refused(verify_consistency(0, empty_merkle_root(), 0, empty_merkle_root(), {})));
}

BOOST_AUTO_TEST_CASE(reasons_name_what_differs) {
  const auto root = naive.root(0, 5);
  const auto path = naive.subproof(3, 0, 5, true);
  BOOST_TEST(verify_consistency(3, digest{}, 5, root, path).error().message ==
             "the path gives another root of the earlier tree");
  BOOST_TEST(verify_consistency(3, naive.root(0, 3), 5, digest{}, path).error().message ==
             "the path gives another root of the later tree");
  BOOST_TEST(verify_consistency(3, root, 3, digest{}, {}).error().message ==
             "two roots of trees of the same size");
  BOOST_TEST(verify_inclusion(root, 0, 1, {}, digest{}).error().message ==
             "leaf and path give another root");
  auto longer = path;
  longer.push_back(root);
  const auto too_long = "the path has more hashes than the way to the root";
  BOOST_TEST(verify_consistency(3, naive.root(0, 3), 5, root, longer).error().message == too_long);
  BOOST_TEST(verify_inclusion(root, 0, 1, longer, root).error().message == too_long);
  const auto too_short = "the path has fewer hashes than the way to the root";
  BOOST_TEST(verify_consistency(3, naive.root(0, 3), 5, root, {}).error().message == too_short);
  BOOST_TEST(verify_inclusion(root, 0, 2, {}, root).error().message == too_short);
}

BOOST_AUTO_TEST_CASE(error_of_the_nodes_is_passed_on) {
  const merkle_nodes broken = [](unsigned, std::uint64_t) -> result<digest> {
    return error{errc::io_failed, "disk on fire"};
  };
  BOOST_TEST(inclusion_path(1, 3, broken).error().message == "disk on fire");
  BOOST_CHECK(consistency_path(2, 3, broken).error().code == errc::io_failed);
}

BOOST_AUTO_TEST_CASE(paths_through_trees_of_up_to_64_bits_verify_and_ask_for_at_most_128_subtrees) {
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  BOOST_TEST_CONTEXT("seed " << seed) {
    std::mt19937_64 random{seed};
    const uniform_tree uniform;
    std::size_t asked = 0;
    for (int i = 0; i < 300; ++i) {
      const auto size =
          i == 0 ? ~std::uint64_t{0} : std::max<std::uint64_t>(random() >> random() % 64, 1);
      const auto index = i % 3 == 0 ? size - 1 : random() % size;
      const auto nodes = uniform.nodes_of(size, asked);
      const auto path = inclusion_path(index, size, nodes);
      BOOST_REQUIRE(path);
      BOOST_TEST(asked <= 128U);
      BOOST_REQUIRE(verify_inclusion(uniform.levels[0], index, size, *path, uniform.root(size)));
      asked = 0;
      const auto parts = consistency_path(index + 1, size, nodes);
      BOOST_REQUIRE(parts);
      BOOST_TEST(asked <= 128U);
      BOOST_REQUIRE(
          verify_consistency(index + 1, uniform.root(index + 1), size, uniform.root(size), *parts));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
