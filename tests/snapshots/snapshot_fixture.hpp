#pragma once

// What the tests of snapshots share: a log with some events, a catalog, and limits on file sizes.

#include "snapshots/made_snapshot.hpp"
#include "snapshots/restored_log.hpp"
#include "snapshots/verified_snapshot.hpp"
#include "tests/store/log_fixture.hpp"

#include <csignal>
#include <sys/resource.h>

namespace headwater::snapshots::testing {

namespace fs = std::filesystem;
using namespace headwater::store::testing;

constexpr micros noon = 1'795'262'400'000'000; // 2026-11-21T12:00:00Z

struct workplace {
  scratch_directory directory;
  std::unique_ptr<store::rocksdb_log> log = open_or_fail(directory.data());
  std::unique_ptr<catalog> on = *catalog::open(directory.path() / "shelf");

  void append(std::size_t events, const std::string& stream = "account/acme") const {
    const auto version = *log->version(stream);
    must_append(*log, request_of(stream, version, events), noon);
  }
  [[nodiscard]] fs::path new_data() const { return directory.path() / "new"; }
  [[nodiscard]] fs::path path_of(const made_snapshot& made) const {
    return on->path() / made.listed.name;
  }
  [[nodiscard]] result<made_snapshot> try_make(const progress& say = {}, micros now = noon) const {
    return make_snapshot(*log, *on, now, "0.0-test", say);
  }
  [[nodiscard]] made_snapshot make(micros now = noon) const {
    auto made = try_make({}, now);
    BOOST_REQUIRE_MESSAGE(made, made.error().message);
    return std::move(*made);
  }
  [[nodiscard]] result<restored_log> restore(const fs::path& from, const progress& say = {}) const {
    restore_request wanted;
    wanted.from = from;
    wanted.to = new_data();
    wanted.now = noon + 1;
    wanted.by = {"0", "01HRESTORE"};
    return restore_snapshot(wanted, say);
  }
  [[nodiscard]] std::size_t names_in_catalog() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{on->path()}, fs::directory_iterator{}));
  }
};

/// Writes beyond this size fail, as on a full disk, as long as it lives.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit less{bytes, before_.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &less) == 0);
  }
  ~file_size_limit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

private:
  rlimit before_{};
};

} // namespace headwater::snapshots::testing
