#include "actors/shared/pinned_rules.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

/// A loaded account without a compiler, and the rules that are published in it.
class bare_account {
public:
  bare_account()
      : loaded(std::make_shared<loaded_account>("acme", loaded_rules{published(), {}},
                                                compiler_pair{})) {}

  void add(const std::string& pattern) {
    const auto decided = attribution::decide(
        rules_, attribution::create_referrer_mapping{mapping_body(pattern), false}, {});
    BOOST_REQUIRE(decided && decided->event);
    BOOST_REQUIRE(rules_.apply(*decided->event, {rules_.version() + 1, 1'000'000}));
    loaded->publish(published());
  }

  /// What the compiler does.
  void compile() {
    loaded->finish_compiling(
        std::make_shared<const attribution::compiled_rules>(*loaded->begin_compiling()), {});
  }

private:
  [[nodiscard]] rules_ptr published() const {
    return std::make_shared<const attribution::account_rules>(rules_);
  }

  attribution::account_rules rules_;

public:
  loaded_account_ptr loaded;
};

bool maps(const pinned_rules& rules, std::string_view host) {
  return rules.get()->match(host).rule != nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pinned)

BOOST_AUTO_TEST_CASE(rules_stay_as_they_were_and_are_no_longer_scanned_once_compiled) {
  bare_account account;
  for (int i = 0; i < 20; ++i)
    account.add("old" + std::to_string(i) + ".example");
  pinned_rules rules(account.loaded);
  BOOST_TEST(rules.get()->delta_size() == 20U);
  rules.renew(); // nothing is compiled yet
  BOOST_TEST(rules.get()->delta_size() == 20U);

  account.compile();
  rules.renew();
  BOOST_TEST(rules.get()->delta_size() == 0U);
  BOOST_TEST(maps(rules, "old7.example"));
}

BOOST_AUTO_TEST_CASE(what_was_compiled_of_later_rules_serves_the_earlier_ones) {
  bare_account account;
  for (int i = 0; i < 20; ++i)
    account.add("old" + std::to_string(i) + ".example");
  pinned_rules rules(account.loaded);
  const auto version = rules.get()->version();
  account.add("new.example");
  account.compile();
  rules.renew();
  BOOST_TEST(rules.get()->delta_size() == 1U);
  BOOST_TEST(rules.get()->version() == version);
  BOOST_TEST(maps(rules, "old7.example"));
  BOOST_TEST(!maps(rules, "new.example"));
}

BOOST_AUTO_TEST_CASE(what_would_leave_more_to_scan_is_not_taken) {
  bare_account account;
  account.add("old.example");
  account.compile();
  account.add("older.example");
  pinned_rules rules(account.loaded);
  BOOST_TEST(rules.get()->delta_size() == 1U);
  for (int i = 0; i < 20; ++i)
    account.add("new" + std::to_string(i) + ".example");
  account.compile();
  rules.renew();
  BOOST_TEST(rules.get()->delta_size() == 1U);
  BOOST_TEST(maps(rules, "older.example"));
  BOOST_TEST(!maps(rules, "new3.example"));
}

BOOST_AUTO_TEST_SUITE_END()
