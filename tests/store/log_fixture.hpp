#pragma once

// What the tests of the event log share: scratch directories, the engines, short ways to make
// requests and to show what a log holds.

#include "domain/accounts/account_erased.hpp"
#include "domain/core/digest.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "tests/store/memory_log.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>
#include <unistd.h>

namespace headwater::store::testing {

namespace fs = std::filesystem;

/// Where scratch directories lie: on the disk, or in memory for tests that sync thousands of times
/// and are not about syncing.
inline fs::path memory_or_disk() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

/// A directory that goes away with its owner.
class scratch_directory {
public:
  explicit scratch_directory(const fs::path& parent = fs::temp_directory_path()) {
    auto name = (parent / "headwater-store-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~scratch_directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  [[nodiscard]] fs::path data() const { return path_ / "data"; }
  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

inline std::string read_bytes(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void write_bytes(const fs::path& path, std::string_view bytes) {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Every file below a directory with its bytes; directories with "/".
inline std::map<std::string, std::string> all_bytes(const fs::path& directory) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator{directory})
    out[entry.path().string()] = entry.is_directory() ? "/" : read_bytes(entry.path());
  return out;
}

/// A mark that leaves no room for any compaction.
inline constexpr low_water all_of_the_disk{100, UINT64_MAX};

inline std::unique_ptr<rocksdb_log> open_or_fail(const fs::path& directory,
                                                 const low_water& leaves_free = {}) {
  rocksdb_options options;
  options.directory = directory;
  options.leaves_free = leaves_free;
  auto opened = open_rocksdb_log(options);
  BOOST_REQUIRE_MESSAGE(opened, opened.error().message);
  return std::move(*opened);
}

inline result<std::unique_ptr<rocksdb_log>> try_open(const fs::path& directory) {
  rocksdb_options options;
  options.directory = directory;
  return open_rocksdb_log(options);
}

struct memory_engine {
  memory_log log_;
  memory_log& log() { return log_; }
};

struct rocksdb_engine {
  scratch_directory directory;
  std::unique_ptr<rocksdb_log> log_ = open_or_fail(directory.data());
  rocksdb_log& log() { return *log_; }
};

using engines = std::tuple<memory_engine, rocksdb_engine>;

inline new_event make_event(std::string_view payload, std::string type = "thing_happened",
                            const std::optional<idempotency>& key = std::nullopt) {
  event_salt salt{};
  for (std::size_t i = 0; i < salt.size(); ++i)
    salt[i] = static_cast<std::uint8_t>(payload.size() + i);
  return {std::move(type), 1, seal({"7", "01HREQUEST"}, key, payload, salt)};
}

inline append_command command_of(std::size_t events, std::string_view payload = R"({"n":1})") {
  append_command command;
  for (std::size_t i = 0; i < events; ++i)
    command.events.push_back(make_event(payload));
  return command;
}

inline append_request request_of(stream_name stream, std::uint64_t expected,
                                 std::size_t events = 1) {
  return {std::move(stream), expected, {command_of(events)}};
}

inline append_outcome append_one(event_log& log, append_request request, micros now = 1000) {
  auto outcomes = log.append({&request, 1}, now);
  BOOST_REQUIRE_EQUAL(outcomes.size(), 1);
  return std::move(outcomes[0]);
}

inline void must_append(event_log& log, append_request request, micros now = 1000) {
  auto outcome = append_one(log, std::move(request), now);
  BOOST_REQUIRE_MESSAGE(outcome.status == append_status::appended, outcome.reason);
}

/// Everything that an event holds, as text.
inline std::string show(const recorded_event& event) {
  auto out = event.header_text + " " + to_hex(event.chain);
  if (event.part)
    out += " " +
           to_hex(std::string_view{reinterpret_cast<const char*>(event.part->salt.data()), 16}) +
           " " + event.part->text;
  out += " " + event.from.principal + " " + event.from.request_id + " " + event.payload;
  if (event.key)
    out += " " + event.key->key + " " + to_hex(event.key->fingerprint);
  return out;
}

inline std::vector<std::string> stream_of(const event_log& log, const stream_name& stream,
                                          std::uint64_t from = 1) {
  std::vector<std::string> out;
  auto read = log.read_stream(stream, from, [&](const recorded_event& event) -> result<void> {
    out.push_back(show(event));
    return {};
  });
  BOOST_REQUIRE_MESSAGE(read, read.error().message);
  return out;
}

inline std::vector<std::string> all_of(const event_log& log, std::uint64_t from = 1) {
  std::vector<std::string> out;
  auto read = log.read_all(from, [&](const recorded_event& event) -> result<void> {
    out.push_back(show(event));
    return {};
  });
  BOOST_REQUIRE_MESSAGE(read, read.error().message);
  return out;
}

using row_list = std::vector<std::pair<std::string, std::string>>;

inline row_list rows_of(const table_reader& tables, table where, std::string_view prefix = {},
                        std::string_view from = {}) {
  row_list out;
  auto scanned =
      tables.scan(where, prefix, from, [&](std::string_view key, std::string_view value) {
        out.emplace_back(key, value);
        return true;
      });
  BOOST_REQUIRE_MESSAGE(scanned, scanned.error().message);
  return out;
}

inline void append_erasure(event_log& log, accounts::account_erased erased) {
  append_command command;
  command.events = {make_event(accounts::write_account_erased(erased),
                               std::string(accounts::account_erased_type))};
  must_append(log, {"system", *log.version("system"), {command}});
}

} // namespace headwater::store::testing
