#pragma once

// A log that was opened, appended to and closed several times, and its directory as it was left
// each time: what backups are made of. For tests of what becomes of files of several states
// together.

#include "tests/store/log_fixture.hpp"

#include <algorithm>
#include <vector>

namespace headwater::store::testing {

/// A request to one of three streams that leaves something in every family which commits write.
inline append_request lineage_request(const event_log& log, std::uint64_t number) {
  const auto stream = "account/" + std::to_string(number % 3);
  auto request = request_of(stream, log.version(stream).value());
  request.commands[0].key = idempotency{"key " + std::to_string(number), {}};
  request.commands[0].writes = {{table::directory, "row " + std::to_string(number), "value"},
                                {table::referrals, "last", std::to_string(number)}};
  return request;
}

/// All that the log answers.
inline std::string answers_of(const rocksdb_log& log) {
  std::string out;
  for (const auto& event : all_of(log))
    out += event + "\n";
  for (const std::string stream : {"account/0", "account/1", "account/2"})
    out += std::to_string(stream_of(log, stream).size()) + "\n";
  for (std::uint64_t number = 1; number <= log.end().position; ++number)
    out += log.find_use("account/" + std::to_string(number % 3), "key " + std::to_string(number))
                   .value()
               ? "used\n"
               : "unused\n";
  for (const auto where : {table::directory, table::referrals})
    for (const auto& [key, value] : rows_of(log, where))
      out.append(key).append("=").append(value).append("\n");
  return out;
}

/// Where the records of a file in RocksDB's log format end, as long as it is one block of 32 KiB.
inline std::vector<std::size_t> record_ends(const std::string& bytes) {
  constexpr std::size_t header = 7; // checksum, length, type
  std::vector<std::size_t> out{0};
  for (std::size_t at = 0; at + header <= bytes.size();) {
    const auto length = static_cast<unsigned char>(bytes[at + 4]) +
                        (static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 5])) << 8);
    at += header + length;
    out.push_back(at);
  }
  BOOST_REQUIRE(out.back() == bytes.size() && bytes.size() < (32 << 10));
  return out;
}

inline void copy_over(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

class lineage {
public:
  static constexpr std::uint64_t requests = 6; ///< of each state, one event each

  explicit lineage(std::size_t states) {
    for (std::size_t i = 0; i < states; ++i)
      grow();
  }

  /// Opens the newest state, which brings its write-ahead log into tables, appends, and closes it.
  void grow() {
    {
      // A compaction would replace tables that the MANIFEST's first records name.
      const auto log = open_or_fail(live_, all_of_the_disk);
      for (std::uint64_t i = 0; i < requests; ++i)
        append(*log);
    }
    states_.push_back(directory_.path() / ("state " + std::to_string(states_.size())));
    copy_over(live_, states_.back());
  }

  void append(rocksdb_log& log) {
    const auto number = log.end().position + 1;
    must_append(log, lineage_request(log, number));
    answers_[number] = answers_of(log);
  }

  [[nodiscard]] const fs::path& state(std::size_t number) const { return states_.at(number); }
  [[nodiscard]] const fs::path& copy() const { return copy_; }
  [[nodiscard]] fs::path in_copy(const fs::path& file) const { return copy_ / "db" / file; }

  /// Makes copy() one of a state.
  void take(std::size_t number) const {
    fs::remove_all(copy_);
    copy_over(state(number), copy_);
  }

  /// The files in db/ of a directory with this in their names, in order.
  [[nodiscard]] static std::vector<fs::path> files(const fs::path& directory,
                                                   const std::string& part) {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator{directory / "db"})
      if (entry.path().filename().string().find(part) != std::string::npos)
        out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
  }

  /// Opens copy() to read and then to write it. What is refused says so twice, and nothing was
  /// written; what opens answers as the log did. Gives why it was refused, or nothing.
  [[nodiscard]] std::optional<error> open_copy() const {
    const auto before = all_bytes(copy_);
    std::optional<error> unreadable;
    if (const auto reader = open_for_reading(copy_); !reader)
      unreadable = reader.error();
    const auto opened = try_open(copy_);
    if (!opened) {
      BOOST_TEST((all_bytes(copy_) == before));
      BOOST_REQUIRE(unreadable);
      // Where a table is gone that an old MANIFEST names, RocksDB says so in two ways.
      if (unreadable->message.find("No such file") == std::string::npos)
        BOOST_TEST(unreadable->message == opened.error().message);
      return opened.error();
    }
    BOOST_TEST(!unreadable.has_value());
    const auto end = (*opened)->end().position;
    for (const auto where : {table::directory, table::referrals})
      if ((*opened)->position(where).value().value_or(0) != end)
        return std::nullopt; // seen, and mended by a rebuild from the log
    BOOST_TEST((end == 0 || answers_of(**opened) == answers_.at(end)));
    return std::nullopt;
  }

  void must_refuse(const std::string& words) const {
    const auto why = open_copy();
    BOOST_REQUIRE_MESSAGE(why, "it was opened");
    BOOST_TEST((why->code == errc::corrupt_log), why->message);
    BOOST_TEST(why->message.find(words) != std::string::npos, why->message);
  }

  void must_open(std::uint64_t end) const {
    const auto why = open_copy();
    BOOST_TEST(!why, (why ? why->message : std::string{}));
    BOOST_TEST(open_or_fail(copy_)->end().position == end);
  }

private:
  scratch_directory directory_{memory_or_disk()};
  fs::path live_ = directory_.path() / "live";
  fs::path copy_ = directory_.path() / "copy";
  std::vector<fs::path> states_;
  std::map<std::uint64_t, std::string> answers_; ///< by the end of the log
};

} // namespace headwater::store::testing
