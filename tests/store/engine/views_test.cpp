// What views of a database show while a write is under way and after one has failed.

#include "store/engine/rocksdb_database.hpp"
#include "tests/store/log_fixture.hpp"

#include <chrono>
#include <thread>

namespace headwater::store::testing {
namespace {

constexpr auto where = family::side_facts;

/// A database in which the key "k" is "before".
struct watched_database {
  watched_database() {
    auto made = rocksdb_database::open(scratch.data(), {1 << 20, 4 << 20}, open_mode::create);
    BOOST_REQUIRE_MESSAGE(made, made.error().message);
    database = std::move(*made);
    BOOST_REQUIRE(set("before"));
  }

  [[nodiscard]] rocksdb::WriteBatch batch_of(const std::string& value) const {
    rocksdb::WriteBatch batch;
    BOOST_REQUIRE(batch.Put(database->handle(where), "k", value).ok());
    return batch;
  }
  result<void> set(const std::string& value) const {
    auto batch = batch_of(value);
    return database->write(batch, false);
  }
  result<void> commit(const std::string& value, const std::function<result<void>()>& step) const {
    auto batch = batch_of(value);
    return database->commit(batch, step);
  }
  [[nodiscard]] static std::string in(const rocksdb_view& view) {
    auto value = view.get(where, "k");
    BOOST_REQUIRE(value && *value);
    return **value;
  }
  [[nodiscard]] std::string shown() const { return in(rocksdb_view{*database}); }

  scratch_directory scratch{memory_or_disk()};
  std::unique_ptr<rocksdb_database> database;
};

const error no_space{errc::io_failed, "no space"};

} // namespace

BOOST_AUTO_TEST_SUITE(views)

BOOST_AUTO_TEST_CASE(a_commit_is_shown_once_it_is_acknowledged) {
  const watched_database one;
  const rocksdb_view earlier{*one.database};
  std::string meanwhile;
  BOOST_REQUIRE(one.commit("after", [&] {
    meanwhile = one.shown();
    return result<void>{};
  }));
  BOOST_TEST(meanwhile == "before");
  BOOST_TEST(one.shown() == "after");
  BOOST_TEST(watched_database::in(earlier) == "before");
}

BOOST_AUTO_TEST_CASE(a_commit_that_was_not_acknowledged_is_never_shown) {
  const watched_database one;
  const auto done = one.commit("after", [] { return result<void>{no_space}; });
  BOOST_REQUIRE(!done);
  BOOST_TEST(done.error().message == no_space.message);
  BOOST_TEST(one.shown() == "before");
  BOOST_TEST(!one.set("later"));
  BOOST_TEST(!one.commit("later", [] { return result<void>{}; }));
  BOOST_TEST(one.shown() == "before");
}

BOOST_AUTO_TEST_CASE(a_write_that_waits_for_a_commit_does_not_show_it_if_it_fails) {
  const watched_database one;
  auto beside = one.batch_of("beside"); // here, since Boost.Test may be used by one thread alone
  std::jthread other;
  BOOST_TEST(!one.commit("after", [&] {
    other = std::jthread{[&] { static_cast<void>(one.database->write(beside, false)); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    return result<void>{no_space};
  }));
  other.join();
  BOOST_TEST(one.shown() == "before");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
