// Random histories through the real actors: replay equals live, and the memory engine equals the
// RocksDB engine. HEADWATER_SEED and HEADWATER_HISTORIES choose others than the printed ones.

#include "actors/views/recovery.hpp"
#include "fixture.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "tests/domain/core/random_source.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <unistd.h>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;
using headwater::attribution::test::setting;

namespace {

/// A few names, so that commands meet each other.
std::string name_of(std::uint64_t n) {
  return "n" + std::to_string(n % 6) + ".test";
}

attribution::rule_command random_command(std::mt19937_64& random) {
  auto id = static_cast<std::int64_t>(random() % 8 + 1);
  auto text = name_of(random());
  auto active = draft::member{"is_active", random() % 2 == 0};
  switch (random() % 7) {
  case 0:
    return attribution::create_passthrough_referrer{passthrough_body(text), false};
  case 1:
    return attribution::create_referrer_mapping{mapping_body(text), false};
  case 2:
    return attribution::update_passthrough_referrer{
        id, body_of({{"domain", text}, active}), false, {}};
  case 3:
    return attribution::update_referrer_mapping{
        id,
        body_of({{"referrer_pattern", text}, active, {"match_type", std::string{"contains"}}}),
        false,
        {}};
  case 4:
    return attribution::delete_passthrough_referrer{id, {}};
  case 5: {
    // Worked out without the rules, so that the decision has to do it.
    attribution::chosen_rules body;
    body.ids = {id, static_cast<std::int64_t>(random() % 8 + 1)};
    body.set = body_of({active, {"priority", static_cast<std::int64_t>(random() % 3)}});
    return attribution::change_rules<attribution::referrer_mapping>{
        std::make_shared<const attribution::chosen_change<attribution::referrer_mapping>>(
            attribution::work_out(attribution::rule_store<attribution::referrer_mapping>{},
                                  std::move(body), false))};
  }
  default:
    return attribution::delete_referrer_mapping{id, {}};
  }
}

/// What a stream says, without what differs between two runs: salts, times and request ids.
std::string content_of(const store::event_log& log, const std::string& stream) {
  std::string out;
  auto read = log.read_stream(stream, 1, [&](const store::recorded_event& event) -> result<void> {
    out += std::to_string(event.header.sequence) + event.header.type + event.payload + "\n";
    return {};
  });
  BOOST_REQUIRE(read.has_value());
  return out;
}

struct temporary_directory {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("headwater-histories-" + std::to_string(::getpid()));
  ~temporary_directory() { std::filesystem::remove_all(path); }
};

} // namespace

BOOST_AUTO_TEST_CASE(random_histories_replay_to_the_live_state_on_both_engines) {
  auto seed = setting("HEADWATER_SEED", std::random_device{}());
  auto histories = setting("HEADWATER_HISTORIES", 1'000);
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed << " HEADWATER_HISTORIES=" << histories);
  BOOST_TEST_INFO("seed " << seed);
  temporary_directory directory;
  store::rocksdb_options options;
  options.directory = directory.path;
  auto memory = std::make_shared<store::memory_log>();
  std::shared_ptr<store::log_engine> disk = store::open_rocksdb_log(options).value();
  fixture on_memory{memory, small()};
  fixture on_disk{disk, small()};
  std::mt19937_64 random{seed};
  for (std::uint64_t history = 0; history < histories; ++history) {
    auto id = "account-" + std::to_string(history);
    auto length = random() % 12 + 1;
    for (std::uint64_t i = 0; i < length; ++i) {
      auto command = random_command(random);
      auto here = on_memory.command(id, command);
      auto there = on_disk.command(id, command);
      BOOST_REQUIRE_MESSAGE(here.has_value() == there.has_value(),
                            "seed " << seed << ", history " << history << ", command " << i);
    }
    for (auto* f : {&on_memory, &on_disk}) {
      auto live = f->account(id)->rules()->canonical();
      BOOST_REQUIRE_MESSAGE(replay_rules(f->log->events(), id).value().rules->canonical() == live,
                            "seed " << seed << ", history " << history);
    }
    BOOST_REQUIRE_MESSAGE(content_of(*memory, "account/" + id) ==
                              content_of(disk->events(), "account/" + id),
                          "seed " << seed << ", history " << history);
  }
}
