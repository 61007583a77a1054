#include "domain/proofs/merkle.hpp"
#include "tests/domain/proofs/naive_tree.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::testing;

namespace {

bool is_corrupt(std::string_view bytes) {
  const auto read = merkle_frontier::decode(bytes);
  return !read && read.error().code == errc::corrupt_log;
}

} // namespace

BOOST_AUTO_TEST_SUITE(merkle)

BOOST_AUTO_TEST_CASE(empty_tree_and_empty_leaf_have_the_hashes_of_certificate_transparency) {
  BOOST_TEST(to_hex(empty_merkle_root()) ==
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(to_hex(merkle_leaf("")) ==
             "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  BOOST_CHECK(merkle_frontier{}.root() == empty_merkle_root());
}

BOOST_AUTO_TEST_CASE(leaf_and_node_hash_their_prefix_first) {
  const auto left = merkle_leaf("a");
  const auto right = merkle_leaf("b");
  BOOST_CHECK(left == sha256({std::string("\0a", 2)}));
  BOOST_CHECK(merkle_node(left, right) == sha256({"\x01", as_bytes(left), as_bytes(right)}));
}

BOOST_AUTO_TEST_CASE(root_of_every_size_up_to_300_is_that_of_the_recursive_definition) {
  naive_tree naive{300};
  kept_tree tree;
  for (std::size_t size = 0; size <= 300; ++size) {
    BOOST_REQUIRE(tree.frontier.size() == size);
    BOOST_REQUIRE(tree.frontier.root() == naive.root(0, size));
    if (size < 300)
      tree.append(naive.entry(size));
  }
}

BOOST_AUTO_TEST_CASE(append_tells_every_complete_subtree_once_and_nothing_else) {
  constexpr std::uint64_t size = 300;
  naive_tree naive{size};
  kept_tree tree;
  for (std::size_t i = 0; i < size; ++i)
    tree.append(naive.entry(i));
  std::size_t count = 0;
  for (unsigned level = 0; (std::uint64_t{1} << level) <= size; ++level)
    for (std::uint64_t index = 0; (index + 1) << level <= size; ++index, ++count)
      BOOST_CHECK(tree.kept.at({level, index}) == naive.root(index << level, (index + 1) << level));
  BOOST_TEST(tree.kept.size() == count);
}

BOOST_AUTO_TEST_CASE(subtrees_of_one_append_come_from_the_leaf_upwards) {
  merkle_frontier frontier;
  for (int i = 0; i < 7; ++i)
    frontier.append(merkle_leaf("x"));
  std::vector<unsigned> levels;
  frontier.append(merkle_leaf("x"),
                  [&levels](const merkle_subtree& made) { levels.push_back(made.level); });
  BOOST_TEST(levels == (std::vector<unsigned>{0, 1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(frontier_of_every_size_is_written_read_and_goes_on) {
  merkle_frontier frontier;
  for (int size = 0; size <= 300; ++size) {
    auto read = merkle_frontier::decode(frontier.encode());
    BOOST_REQUIRE(read);
    BOOST_REQUIRE(*read == frontier);
    const auto leaf = merkle_leaf(std::to_string(size));
    read->append(leaf);
    frontier.append(leaf);
    BOOST_REQUIRE(read->root() == frontier.root());
  }
}

BOOST_AUTO_TEST_CASE(layout_of_a_frontier_is_fixed) {
  BOOST_TEST(to_hex(merkle_frontier{}.encode()) ==
             "01"
             "0000000000000000" +
                 to_hex(sha256({std::string("\1\0\0\0\0\0\0\0\0", 9)})).substr(0, 16));
  merkle_frontier frontier;
  for (auto entry : {"a", "b", "c"})
    frontier.append(merkle_leaf(entry));
  BOOST_TEST(to_hex(frontier.encode()).substr(0, 18 + 128) ==
             "010000000000000003" + to_hex(merkle_node(merkle_leaf("a"), merkle_leaf("b"))) +
                 to_hex(merkle_leaf("c")));
}

BOOST_AUTO_TEST_CASE(frontier_with_any_bit_changed_or_any_length_is_corrupt) {
  merkle_frontier frontier;
  for (int i = 0; i < 7; ++i)
    frontier.append(merkle_leaf(std::to_string(i)));
  const auto good = frontier.encode();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    BOOST_REQUIRE_MESSAGE(is_corrupt(bad), "bit " << bit);
  }
  for (std::size_t length = 0; length < good.size(); ++length)
    BOOST_REQUIRE_MESSAGE(is_corrupt(good.substr(0, length)), "length " << length);
  BOOST_TEST(is_corrupt(good + '\0'));
}

BOOST_AUTO_TEST_SUITE_END()
