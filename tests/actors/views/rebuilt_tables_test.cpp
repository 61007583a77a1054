// A start on a database from before there were tables of rows and rollups, records of batches,
// numbers of rows, and counts of tokens.

#include "actors/shared/admission.hpp"
#include "actors/views/connection_descriptions.hpp"
#include "store/disk/data_directory.hpp"
#include "store/engine/rocksdb_settings.hpp"
#include "tests/actors/fixture.hpp"
#include "tests/store/old_head.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <unistd.h>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;
using store::family;

namespace {

struct temporary_directory {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("headwater-rebuilding-" + std::to_string(::getpid()));
  ~temporary_directory() { std::filesystem::remove_all(path); }
};

service_settings settings_of(const temporary_directory& directory) {
  auto out = small();
  out.data = directory.path;
  return out;
}

template <class Reply, class Handle, class Message>
Reply ask(service& running, const Handle& to, Message message) {
  caf::scoped_actor self{running.system()};
  std::optional<Reply> out;
  self->request(to, std::chrono::seconds{60}, std::move(message))
      .receive(
          [&](Reply& reply) { out.emplace(std::move(reply)); },
          [&](const caf::error& why) { throw std::runtime_error(running.system().render(why)); });
  return std::move(*out);
}

/// A connection that one batch reached.
std::string fill(service& running) {
  directory_request account;
  account.command = create_account{body_of({{"account_id", std::string{"acme"}},
                                            {"name", std::string{"acme"}},
                                            {"brand_ids", json_list{{brand}}}}),
                                   false};
  ask<directory_reply>(running, running.directory(), std::move(account)).value();
  connection_request wanted;
  wanted.command = register_connection{brand, "acme", {"acme.test", referrals::provider::custom}};
  auto made = ask<connection_reply>(running, running.connections(), std::move(wanted)).value();
  push_request push;
  push.by.from = {"3", "request"};
  push.connection = std::make_shared<const referrals::connection>(made.connection);
  push.body = std::make_shared<const std::string>(R"([
      {"date":"2026-05-20","raw_page_value":"/","raw_referrer_value":"chatgpt.com"},
      {"date":"2025-01-02","raw_page_value":"/","raw_referrer_value":"chatgpt.com","sessions":3},
      {"date":"2026-05-20","raw_page_value":"/a","raw_referrer_value":"perplexity.ai"},
      {"date":"2026-05-19","raw_page_value":"/","raw_referrer_value":"chatgpt.com"}])");
  auto& id = made.connection.identity.id;
  ask<push_reply>(running, running.ingest().owner_of(id), std::move(push)).value();
  return id;
}

/// Changes the closed database; `change` gets it and the handles of its families.
template <class Change>
void change_database(const std::filesystem::path& data, Change change) {
  const store::memory_settings memory{1 << 20, 1 << 20};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  auto status = rocksdb::DB::Open(store::database_options(memory), (data / "db").string(),
                                  store::family_descriptors(memory), &handles, &opened);
  BOOST_REQUIRE_MESSAGE(status.ok(), status.ToString());
  const std::unique_ptr<rocksdb::DB> database{opened};
  auto of = [&](family which) { return handles[static_cast<std::size_t>(which)]; };
  change(*database, of);
  for (auto* handle : handles)
    BOOST_REQUIRE(database->DestroyColumnFamilyHandle(handle).ok());
}

/// Leaves the closed database as one looks that never had these tables and records.
void make_old(const std::filesystem::path& data) {
  change_database(data, [](rocksdb::DB& database, auto of) {
    for (std::string_view prefix : {"b/", "e/"}) {
      auto end = std::string{prefix.substr(0, 1)} + "0";
      BOOST_REQUIRE(database.DeleteRange({}, of(family::referrals), prefix, end).ok());
    }
    for (auto each : {family::rollups, family::rows, family::proofs, family::states, family::usage})
      BOOST_REQUIRE(database.DropColumnFamily(of(each)).ok());
  });
}

/// What a description shows of the rows that fill() pushed.
void check_rows(const store::table_store& tables, const std::string& connection_id) {
  const auto rows = describe_connection(tables, connection_id).value().rows;
  BOOST_TEST(rows.rows == 4);
  BOOST_TEST((rows.first == parse_date("2025-01-02")));
  BOOST_TEST((rows.last == parse_date("2026-05-20")));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_database_from_before_the_records_of_batches_gets_them) {
  temporary_directory directory;
  auto id = fill(*service::open(settings_of(directory)).value());
  make_old(directory.path);
  store::testing::make_old_head(store::head_path(directory.path));
  auto running = service::open(settings_of(directory)).value();
  auto& tables = running->parts().log->tables();
  auto page = read_batches(tables, {id, 0, 10}).value();
  BOOST_TEST(page.total == 1U);
  BOOST_REQUIRE(page.batches.size() == 1U);
  BOOST_TEST(page.batches[0].record.principal == "3");
  check_rows(tables, id);
}

BOOST_AUTO_TEST_CASE(a_database_from_before_rows_were_counted_counts_them) {
  temporary_directory directory;
  std::string id;
  {
    auto running = service::open(settings_of(directory)).value();
    id = fill(*running);
    check_rows(running->parts().log->tables(), id);
  }
  change_database(directory.path, [](rocksdb::DB& database, auto of) {
    BOOST_REQUIRE(database.DeleteRange({}, of(family::rollups), "n/", "n0").ok());
  });
  auto running = service::open(settings_of(directory)).value();
  check_rows(running->parts().log->tables(), id);
}

BOOST_AUTO_TEST_CASE(a_database_from_before_tokens_counted_counts_them) {
  temporary_directory directory;
  const auto used = [](service& running) {
    return usage_of_account(running.parts().log->tables(), "acme").value();
  };
  store::usage before;
  {
    auto running = service::open(settings_of(directory)).value();
    fill(*running);
    directory_request wanted;
    auto creator = accounts::api_token{};
    creator.accounts.all = true;
    creator.scopes = accounts::scopes_of(accounts::role::admin);
    wanted.command = create_token{std::make_shared<token_entry>(creator),
                                  body_of({{"name", std::string{"t"}},
                                           {"role", std::string{"viewer"}},
                                           {"account_ids", json_list{{std::string{"acme"}}}}}),
                                  false};
    ask<directory_reply>(*running, running->directory(), std::move(wanted)).value();
    before = used(*running);
    BOOST_TEST(before.events == 3U);
  }
  change_database(directory.path, [](rocksdb::DB& database, auto of) {
    BOOST_REQUIRE(database.DeleteRange({}, of(family::usage), "s/", "s0").ok());
  });
  auto running = service::open(settings_of(directory)).value();
  BOOST_TEST((used(*running) == before));
}
