#include "actors/shared/metrics.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::actors {

BOOST_AUTO_TEST_SUITE(errors_of_stored_data)

BOOST_AUTO_TEST_CASE(they_are_counted_and_the_last_one_is_kept) {
  metrics counters;
  auto& errors = counters.storage;
  BOOST_TEST(!errors.report());
  errors.add({errc::corrupt_log, "stream account/acme, sequence 7: damaged"});
  errors.add({errc::io_failed, "cannot read 000012.sst"});
  const auto report = errors.report();
  BOOST_REQUIRE(report);
  BOOST_TEST(report->count == 2U);
  BOOST_TEST(report->last == "cannot read 000012.sst");
  BOOST_TEST(report->last_at > 0);
}

BOOST_AUTO_TEST_CASE(what_a_client_does_wrong_is_none_of_them) {
  metrics counters;
  for (const auto code : {errc::not_found, errc::validation_error, errc::service_unavailable,
                          errc::outcome_unknown, errc::internal_error})
    counters.storage.add({code, "a client's"});
  BOOST_TEST(!counters.storage.report());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::actors
