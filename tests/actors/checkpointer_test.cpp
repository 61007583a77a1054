// The checkpointer over a log in memory and over RocksDB: when it cuts, what it refuses to sign.

#include "actors/views/log_proofs.hpp"
#include "fixture.hpp"
#include "store/engine/rocksdb_log.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <thread>
#include <unistd.h>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

key_ptr test_key(std::string_view origin = "headwater/test") {
  return std::make_shared<const store::log_key>(
      store::make_log_key(origin, std::string(32, 'k')).value());
}

service_settings cutting(std::chrono::milliseconds every, std::uint64_t events = 1024) {
  auto out = small();
  out.checkpoints.every = every;
  out.checkpoints.events = events;
  return out;
}

void append(store::event_log& log, std::size_t events) {
  for (std::size_t i = 0; i < events; ++i) {
    store::append_request request{"account/a", log.version("account/a").value(), {}};
    request.commands.emplace_back();
    request.commands[0].events.push_back({"thing_done", 1, store::seal({"1", "r"}, {}, "{}", {})});
    auto outcome = log.append(std::span{&request, 1}, 1'000);
    BOOST_REQUIRE(outcome.at(0).status == store::append_status::appended);
  }
}

std::uint64_t latest_size(const store::table_store& tables) {
  auto latest = store::latest_checkpoint(tables).value();
  return latest ? latest->says.size : 0;
}

/// Waits for what another thread does; the deadline only bounds a failure.
bool comes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

/// Every checkpoint is signed, and the later ones start with the earlier ones.
void check_checkpoints(const store::table_store& tables, const key_ptr& key) {
  std::vector<std::uint64_t> sizes;
  BOOST_REQUIRE(
      store::read_checkpoints(tables, 0, [&](const store::stored_checkpoint& one) -> result<void> {
        auto read = parse_checkpoint(one.note, key->verifier);
        BOOST_REQUIRE_MESSAGE(read, read.error().message);
        sizes.push_back(read->size);
        return {};
      }).has_value());
  for (auto from : sizes)
    for (auto to : sizes)
      if (from <= to) {
        auto shown = prove_consistency(tables, {from, to});
        BOOST_REQUIRE_MESSAGE(shown, shown.error().message);
      }
}

struct running_service {
  std::shared_ptr<store::log_engine> log;
  std::unique_ptr<service> running;

  running_service(std::shared_ptr<store::log_engine> over, const service_settings& settings,
                  key_ptr key = test_key())
      : log(std::move(over)), running(std::make_unique<service>(log, settings, std::move(key))) {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_checkpointer)

BOOST_AUTO_TEST_CASE(catches_up_with_a_log_that_it_never_saw_and_cuts_once) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 5'000);
  running_service of{log, cutting(std::chrono::hours{1})};
  BOOST_REQUIRE(comes_true([&] { return latest_size(*log) == 5'000; }));
  of.running.reset();
  BOOST_TEST(store::list_checkpoints(*log, 0, 10).value().size() == 1U);
  check_checkpoints(*log, test_key());
}

BOOST_AUTO_TEST_CASE(cuts_when_its_time_has_come) {
  auto log = std::make_shared<store::memory_log>();
  running_service of{log, cutting(std::chrono::milliseconds{5})};
  for (std::uint64_t size = 1; size <= 3; ++size) {
    append(*log, 1);
    BOOST_REQUIRE(comes_true([&] { return latest_size(*log) == size; }));
  }
  check_checkpoints(*log, test_key());
}

BOOST_AUTO_TEST_CASE(cuts_sooner_after_many_events_and_not_after_few) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 1);
  running_service of{log, cutting(std::chrono::hours{1}, 10)};
  BOOST_REQUIRE(comes_true([&] { return latest_size(*log) == 1; }));
  append(*log, 9);
  BOOST_REQUIRE(comes_true([&] { return store::stored_size(*log).value() == 10U; }));
  BOOST_TEST(latest_size(*log) == 1U);
  append(*log, 1);
  BOOST_TEST(comes_true([&] { return latest_size(*log) == 11; }));
}

BOOST_AUTO_TEST_CASE(cuts_a_last_one_at_the_end_and_none_twice) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 1);
  {
    running_service of{log, cutting(std::chrono::hours{1})};
    BOOST_REQUIRE(comes_true([&] { return latest_size(*log) == 1; }));
    append(*log, 7);
  }
  BOOST_TEST(latest_size(*log) == 8U);
  running_service{log, cutting(std::chrono::hours{1})};
  BOOST_TEST(store::list_checkpoints(*log, 0, 10).value().size() == 2U);
}

BOOST_AUTO_TEST_CASE(grows_nothing_where_it_is_off_or_has_no_key) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 3);
  running_service{log, cutting(std::chrono::milliseconds{0})};
  running_service{log, cutting(std::chrono::milliseconds{1}), nullptr};
  BOOST_TEST(!store::stored_size(*log).value().has_value());
  BOOST_TEST(latest_size(*log) == 0U);
}

BOOST_AUTO_TEST_CASE(makes_a_tree_again_that_is_not_that_of_its_last_checkpoint) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 300);
  running_service{log, cutting(std::chrono::hours{1})};
  // A whole tree of another log of the same size: nothing but the checkpoint tells.
  store::append_request request{"account/b", 0, {}};
  request.commands.emplace_back();
  request.commands[0].events.push_back({"thing_done", 1, store::seal({"1", "r"}, {}, "{}", {})});
  store::memory_log third;
  static_cast<void>(third.append(std::span{&request, 1}, 1'000));
  append(third, 299);
  BOOST_REQUIRE(store::rebuild_tree(third.proofs(), third.tables(), [](auto, auto) {}).has_value());
  std::vector<store::table_write> rows;
  for (std::string_view prefix : {"t", "f"})
    BOOST_REQUIRE(
        third
            .scan(store::table::proofs, prefix, {},
                  [&](std::string_view key, std::string_view value) {
                    rows.push_back({store::table::proofs, std::string{key}, std::string{value}});
                    return true;
                  })
            .has_value());
  BOOST_REQUIRE(log->put(rows).has_value());
  append(*log, 1);
  running_service of{log, cutting(std::chrono::milliseconds{5})};
  BOOST_REQUIRE(comes_true([&] { return latest_size(*log) == 301; }));
  check_checkpoints(*log, test_key());
}

BOOST_AUTO_TEST_CASE(signs_nothing_where_the_log_is_not_the_one_that_it_signed) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 5);
  const auto key = test_key();
  auto note = render(checkpoint{key->origin(), 3, sha256({"another log"}), {}}, key->key).value();
  BOOST_REQUIRE(store::put_checkpoint(log->proofs(), log->tables(), 3, note).has_value());
  { running_service of{log, cutting(std::chrono::milliseconds{5})}; }
  { running_service of{log, cutting(std::chrono::milliseconds{5})}; }
  BOOST_TEST(latest_size(*log) == 3U);
}

BOOST_AUTO_TEST_CASE(signs_nothing_where_the_log_lost_what_it_signed) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 5);
  const auto key = test_key();
  auto note = render(checkpoint{key->origin(), 9, sha256({"longer"}), {}}, key->key).value();
  BOOST_REQUIRE(store::put_checkpoint(log->proofs(), log->tables(), 9, note).has_value());
  running_service{log, cutting(std::chrono::milliseconds{5})};
  BOOST_TEST(store::list_checkpoints(*log, 0, 10).value().size() == 1U);
}

BOOST_AUTO_TEST_CASE(that_cannot_write_stops_the_log_and_ends_well) {
  auto log = std::make_shared<store::memory_log>();
  append(*log, 5);
  log->fail_next_commit("the disk is full");
  running_service of{log, cutting(std::chrono::milliseconds{5})};
  BOOST_TEST(comes_true([&] { return log->stopped_reason().has_value(); }));
  of.running->stop();
  BOOST_TEST(latest_size(*log) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_key_of_an_installation)

namespace {
struct temporary_directory {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("headwater-checkpointer-" + std::to_string(::getpid()));
  ~temporary_directory() { std::filesystem::remove_all(path); }

  service_settings settings(std::string origin = {}) const {
    auto out = cutting(std::chrono::hours{1});
    out.data = path;
    out.checkpoints.origin = std::move(origin);
    return out;
  }
};
} // namespace

BOOST_AUTO_TEST_CASE(is_made_once_and_cuts_over_restarts) {
  temporary_directory directory;
  std::string key;
  for (std::uint64_t size = 1; size <= 3; ++size) {
    auto running = service::open(directory.settings()).value();
    append(running->parts().log->events(), 1);
    const auto mine = running->parts().key->verifier.to_string();
    BOOST_TEST(mine.starts_with("headwater/"));
    BOOST_TEST((key.empty() || key == mine));
    key = mine;
    running->stop();
    BOOST_TEST(latest_size(running->parts().log->tables()) == size);
  }
}

BOOST_AUTO_TEST_CASE(that_is_lost_is_made_anew_under_another_name) {
  temporary_directory directory;
  const auto origin_of = [&](std::string wanted, std::size_t events) {
    auto running = service::open(directory.settings(std::move(wanted)));
    if (!running)
      return running.error().message;
    append((*running)->parts().log->events(), events);
    return (*running)->parts().key->origin();
  };
  BOOST_TEST(origin_of("example.test/log", 2) == "example.test/log");
  BOOST_TEST(origin_of("ignored.test/log", 2) == "example.test/log");
  std::filesystem::remove(store::key_path(directory.path));
  BOOST_TEST(origin_of("example.test/log", 0).find("choose another") != std::string::npos);
  BOOST_TEST(origin_of("", 1).starts_with("headwater/"));
  auto log = store::open_for_reading(directory.path).value();
  std::vector<std::uint64_t> sizes;
  for (const auto& one : store::list_checkpoints(*log, 0, 10).value())
    sizes.push_back(one.says.size);
  // One at the end of each run; a first look may cut another before all events of a run are there.
  for (const std::uint64_t end : {5, 4, 2})
    BOOST_TEST(std::ranges::count(sizes, end) == 1, end);
  BOOST_TEST(std::ranges::is_sorted(sizes, std::greater{}));
}

BOOST_AUTO_TEST_CASE(that_is_damaged_or_badly_named_keeps_the_service_from_starting) {
  temporary_directory directory;
  BOOST_TEST(
      service::open(directory.settings("a name")).error().message.starts_with("origin a name: "));
  service::open(directory.settings()).value()->stop();
  std::filesystem::resize_file(store::key_path(directory.path), 40);
  BOOST_TEST(service::open(directory.settings()).error().message.find("damaged") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
