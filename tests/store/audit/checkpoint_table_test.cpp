// Stored checkpoints, the signing key's file, and what `log verify` finds out about both.

#include "store/audit/verify.hpp"
#include "store/audit/verify_tree.hpp"
#include "store/tables/keys.hpp"
#include "tests/store/proof_fixture.hpp"

#include <sys/stat.h>

namespace headwater::store::testing {
namespace {

/// Checkpoints of 10, 20 ... events, and some events behind them.
void fill_and_cut(log_engine& log, const log_key& key, int checkpoints = 5) {
  filler events{log.events()};
  for (int i = 0; i < checkpoints; ++i) {
    events.add(10);
    cut(log, grown_tree(log), key);
  }
  events.add(3);
}

result<verified_tree> verify(const log_engine& log, const std::optional<note_verifier>& key) {
  tree_verifier tree{log.tables(), key};
  if (auto begun = tree.begin(); !begun)
    return begun.error();
  auto read = verify_log(log.events(), {},
                         [&](const recorded_event& event) { return tree.add(event.chain); });
  if (!read)
    return read.error();
  return tree.finish();
}

void put_checkpoint_row(table_store& tables, std::string key, std::optional<std::string> value) {
  const table_write row{table::proofs, std::move(key), std::move(value)};
  BOOST_REQUIRE(tables.put({&row, 1}).has_value());
}

/// What is found after one row was changed.
std::string complaint(const std::string& key, const std::function<void(std::string&)>& change) {
  memory_log log;
  fill_and_cut(log, test_key(), 30);
  auto value = log.get(table::proofs, key).value().value_or("");
  change(value);
  put_checkpoint_row(log, key, value.empty() ? std::nullopt : std::optional{value});
  auto verified = verify(log, test_key().verifier);
  if (verified)
    return "";
  BOOST_TEST((verified.error().code == errc::corrupt_log));
  return verified.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stored_checkpoints)

BOOST_AUTO_TEST_CASE_TEMPLATE(are_listed_the_newest_first, Engine, engines) {
  Engine engine;
  BOOST_TEST(!latest_checkpoint(engine.log()).value().has_value());
  fill_and_cut(engine.log(), test_key());
  const auto sizes = [&](std::uint64_t skipped, std::size_t most) {
    std::vector<std::uint64_t> out;
    for (const auto& one : list_checkpoints(engine.log(), skipped, most).value())
      out.push_back(one.says.size);
    return out;
  };
  BOOST_TEST((sizes(0, 100) == std::vector<std::uint64_t>{50, 40, 30, 20, 10}));
  BOOST_TEST((sizes(1, 2) == std::vector<std::uint64_t>{40, 30}));
  BOOST_TEST(sizes(5, 2).empty());
  BOOST_TEST(latest_checkpoint(engine.log()).value()->says.size == 50U);
  BOOST_TEST(find_checkpoint(engine.log(), 30).value()->says.size == 30U);
  BOOST_TEST(!find_checkpoint(engine.log(), 31).value().has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(are_never_replaced, Engine, engines) {
  Engine engine;
  fill_and_cut(engine.log(), test_key(), 1);
  const auto before = latest_checkpoint(engine.log()).value()->note;
  auto again = put_checkpoint(engine.log().proofs(), engine.log().tables(), 10, "other");
  BOOST_REQUIRE(again.has_error());
  BOOST_TEST((again.error().code == errc::internal_error));
  BOOST_TEST(latest_checkpoint(engine.log()).value()->note == before);
}

// As where an older database was copied over a later one whose write-ahead log still brings this
// row.
BOOST_AUTO_TEST_CASE(one_of_more_events_than_there_are_keeps_the_log_shut) {
  const scratch_directory directory;
  {
    const auto log = open_or_fail(directory.data());
    filler{log->events()}.add(3);
    cut(*log, grown_tree(*log), test_key());
  }
  BOOST_TEST(open_or_fail(directory.data())->end().position == 3U);
  {
    const auto log = open_or_fail(directory.data());
    BOOST_REQUIRE(put_checkpoint(log->proofs(), log->tables(), 5, "a note").has_value());
  }
  const auto before = all_bytes(directory.data());
  const auto refused = try_open(directory.data());
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == errc::corrupt_log));
  BOOST_TEST(refused.error().message.find("ends at position 3, but has a checkpoint of 5 events") !=
             std::string::npos);
  BOOST_TEST(refused.error().message.find("Restore a backup into an empty directory") !=
             std::string::npos);
  BOOST_TEST((all_bytes(directory.data()) == before));
}

BOOST_AUTO_TEST_CASE(a_tree_of_more_events_than_there_are_keeps_the_log_shut) {
  memory_log later;
  filler{later}.add(5);
  grown_tree(later);
  const scratch_directory directory;
  {
    const auto log = open_or_fail(directory.data());
    filler{log->events()}.add(3);
    put_checkpoint_row(log->tables(), std::string{frontier_key},
                       later.get(table::proofs, frontier_key).value());
  }
  const auto refused = try_open(directory.data());
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == errc::corrupt_log));
  BOOST_TEST(refused.error().message.find(
                 "ends at position 3, but has the Merkle tree of 5 events") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(outlive_a_restart) {
  scratch_directory directory;
  std::string note;
  {
    auto log = open_or_fail(directory.data());
    fill_and_cut(*log, test_key(), 2);
    note = latest_checkpoint(*log).value()->note;
  }
  auto reader = open_for_reading(directory.data());
  BOOST_REQUIRE_MESSAGE(reader, reader.error().message);
  BOOST_TEST(latest_checkpoint(**reader).value()->note == note);
  BOOST_TEST(verify(**reader, test_key().verifier).value().checkpoints == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verifying_tree_and_checkpoints)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_whole_one_is_counted, Engine, engines) {
  Engine engine;
  fill_and_cut(engine.log(), test_key());
  auto verified = verify(engine.log(), test_key().verifier);
  BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  BOOST_TEST(verified->checkpoints == 5U);
  BOOST_TEST(verified->unchecked == 0U);
  BOOST_TEST(verified->size == 50U);
}

BOOST_AUTO_TEST_CASE(a_log_without_a_tree_is_whole) {
  memory_log log;
  filler{log}.add(10);
  BOOST_TEST(verify(log, std::nullopt).value().size == 0U);
}

BOOST_AUTO_TEST_CASE(more_checkpoints_than_are_read_at_once_are_all_compared) {
  memory_log log;
  filler events{log};
  auto tree = stored_tree::open(log.proofs(), log.tables()).value();
  const auto key = test_key();
  for (std::uint64_t size = 1; size <= 2'100; ++size) {
    events.add(1);
    BOOST_REQUIRE(tree.grow(size, 1).has_value());
    cut(log, tree, key);
  }
  BOOST_TEST(verify(log, key.verifier).value().checkpoints == 2'100U);
}

BOOST_AUTO_TEST_CASE(checkpoints_of_an_earlier_key_are_compared_and_counted) {
  memory_log log;
  fill_and_cut(log, test_key());
  auto verified = verify(log, test_key("headwater/later", 'l').verifier).value();
  BOOST_TEST(verified.checkpoints == 5U);
  BOOST_TEST(verified.unchecked == 5U);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_with_another_root_is_named) {
  memory_log log;
  filler{log}.add(10);
  const auto key = test_key();
  auto note = render(checkpoint{key.origin(), 7, sha256({"x"}), {}}, key.key).value();
  BOOST_REQUIRE(put_checkpoint(log.proofs(), log.tables(), 7, note).has_value());
  BOOST_TEST(verify(log, key.verifier).error().message ==
             "the checkpoint of 7 events has another root than the log");
}

BOOST_AUTO_TEST_CASE(a_signature_of_somebody_else_is_named) {
  memory_log log;
  fill_and_cut(log, test_key("headwater/test", 'x'), 1);
  auto verified = verify(log, test_key().verifier);
  BOOST_REQUIRE(verified.has_error());
  BOOST_TEST(verified.error().message.starts_with("the checkpoint of 10 events: "));
}

BOOST_AUTO_TEST_CASE(what_covers_more_than_the_log_is_named) {
  memory_log longer;
  fill_and_cut(longer, test_key(), 2);
  memory_log log;
  filler{log}.add(15);
  const auto note = find_checkpoint(longer, 20).value()->note;
  BOOST_REQUIRE(put_checkpoint(log.proofs(), log.tables(), 20, note).has_value());
  BOOST_TEST(verify(log, test_key().verifier).error().message ==
             "a checkpoint covers 20 events, but the log has 15");
}

BOOST_AUTO_TEST_CASE(a_changed_row_is_named) {
  const auto flip = [](std::string& value) { value[value.size() / 2] ^= 4; };
  const auto drop = [](std::string& value) { value.clear(); };
  BOOST_TEST(complaint(tile_key(0, 0), flip) ==
             "Merkle tree, tile 0 of level 0: its hashes are not those of the log");
  BOOST_TEST(complaint(tile_key(0, 0), drop) == "Merkle tree, tile 0 of level 0: it is missing");
  BOOST_TEST(complaint(tile_key(0, 1), flip) ==
             "Merkle tree, tile 1 of level 0: its hashes are not those of the log");
  BOOST_TEST(complaint(tile_key(1, 0), drop) == "Merkle tree, tile 0 of level 8: it is missing");
  BOOST_TEST(complaint(std::string{frontier_key}, flip).find("rontier") != std::string::npos);
  BOOST_TEST(complaint(checkpoint_key(20), flip).starts_with("the checkpoint of 20 events"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_signing_key)

BOOST_AUTO_TEST_CASE(is_read_as_it_was_written_and_is_the_owners_alone) {
  scratch_directory directory;
  BOOST_TEST(!read_key_file(directory.path()).value().has_value());
  BOOST_REQUIRE(write_key_file(directory.path(), "headwater/test", std::string(32, 's')));
  auto key = read_key_file(directory.path());
  BOOST_REQUIRE_MESSAGE(key, key.error().message);
  BOOST_TEST(((*key)->verifier == test_key().verifier));
  BOOST_TEST(!(*key)->is_exposed);
  struct stat about {};
  BOOST_REQUIRE(::stat(key_path(directory.path()).c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0600U);
  BOOST_REQUIRE(::chmod(key_path(directory.path()).c_str(), 0640) == 0);
  BOOST_TEST((*read_key_file(directory.path()))->is_exposed);
}

BOOST_AUTO_TEST_CASE(with_any_byte_changed_or_missing_is_refused) {
  scratch_directory directory;
  const auto path = key_path(directory.path());
  BOOST_REQUIRE(write_key_file(directory.path(), "headwater/test", std::string(32, 's')));
  const auto good = read_bytes(path);
  const auto refused = [&](const std::string& text) {
    write_bytes(path, text);
    auto key = read_key_file(directory.path());
    BOOST_REQUIRE(key.has_error());
    BOOST_TEST((key.error().code == errc::incompatible_data));
    BOOST_TEST(key.error().message.find(path.string() + " is damaged") != std::string::npos);
    BOOST_TEST(key.error().message.find(to_hex("ssss")) == std::string::npos);
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto text = good;
    text[i] ^= 1;
    refused(text);
    refused(good.substr(0, i));
  }
  refused(good + "\n");
  refused(std::string(5000, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
