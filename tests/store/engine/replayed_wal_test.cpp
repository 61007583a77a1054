// Write-ahead logs that hold again what the log has already, which would end RocksDB 7.8.3 in an
// assertion, or have it count what it merges twice.

#include "tests/store/engine/lineage.hpp"

namespace headwater::store::testing {
namespace {

constexpr std::size_t states = 3;
constexpr std::size_t last = states - 1;
constexpr std::uint64_t all = states * lineage::requests;
const fs::path copied = "000998.log"; // behind all that the database has

fs::path write_ahead_log(const lineage& log, std::size_t state) {
  return lineage::files(log.state(state), ".log").at(0);
}

void must_name(const lineage& log, const fs::path& file) {
  log.must_refuse(log.in_copy(file).string() + " holds again what the log has from elsewhere");
}

} // namespace

BOOST_AUTO_TEST_SUITE(repeated_write_ahead_logs)

BOOST_AUTO_TEST_CASE(one_that_was_copied_beside_the_last_is_refused_by_name) {
  const lineage log{states};
  for (std::size_t state = 0; state < states; ++state) {
    log.take(last);
    fs::copy(write_ahead_log(log, state), log.in_copy(copied));
    must_name(log, copied);
  }
}

BOOST_AUTO_TEST_CASE(one_that_was_appended_to_the_last_is_refused_by_name) {
  const lineage log{states};
  const auto name = write_ahead_log(log, last).filename();
  for (std::size_t state = 0; state < states; ++state) {
    log.take(last);
    write_bytes(log.in_copy(name),
                read_bytes(write_ahead_log(log, last)) + read_bytes(write_ahead_log(log, state)));
    must_name(log, name);
  }
}

BOOST_AUTO_TEST_CASE(one_that_the_tables_hold_is_refused_by_name) {
  const lineage log{states};
  for (std::size_t state = 0; state < states; ++state) {
    log.take(last);
    open_or_fail(log.copy()); // brings the last one into tables
    fs::copy(write_ahead_log(log, state), log.in_copy(copied));
    must_name(log, copied);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_one_repeats_nothing) {
  const lineage log{states};
  log.take(last);
  write_bytes(log.in_copy(copied), "");
  log.must_open(all);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
