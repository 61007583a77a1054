#include "actors/shared/shares.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using headwater::actors::shares;

BOOST_AUTO_TEST_SUITE(shared_amounts)

BOOST_AUTO_TEST_CASE(seats_are_bounded_in_all_and_for_each_account_and_come_back) {
  shares seats(5, 2);
  std::vector<std::shared_ptr<const void>> taken;
  const auto enter = [&](const char* account) {
    if (auto seat = seats.take(account))
      taken.push_back(std::move(seat));
    else
      return false;
    return true;
  };
  BOOST_TEST((enter("a") && enter("a") && !enter("a")));
  BOOST_TEST((enter("b") && enter("b") && !enter("b")));
  BOOST_TEST((enter("c") && !enter("c") && !enter("d")));
  taken.erase(taken.begin());
  BOOST_TEST((!enter("b") && enter("a") && !enter("a")));
  taken.clear();
  BOOST_TEST((enter("d") && enter("d") && enter("e") && enter("e") && enter("")));
}

BOOST_AUTO_TEST_CASE(the_last_seats_are_for_those_who_have_none) {
  shares seats(8, 3, 4);
  std::vector<std::shared_ptr<const void>> taken;
  const auto enter = [&](const std::string& account) {
    taken.push_back(seats.take(account));
    return taken.back() != nullptr;
  };
  BOOST_TEST((enter("a") && enter("a") && enter("a") && !enter("a")));
  BOOST_TEST((enter("b") && !enter("b")));
  BOOST_TEST((enter("c") && enter("d") && enter("e") && enter("f")));
  BOOST_TEST((!enter("g") && !enter("c")));
  taken.clear();
  BOOST_TEST((enter("c") && enter("c") && enter("c")));
}

BOOST_AUTO_TEST_CASE(the_last_part_is_for_those_who_have_little) {
  shares bytes(160, 80, 80, 10);
  std::vector<std::shared_ptr<const void>> taken;
  const auto take = [&](const std::string& account, std::size_t amount) {
    taken.push_back(bytes.take(account, amount));
    return taken.back() != nullptr;
  };
  BOOST_TEST((take("a", 80) && !take("a", 1)));
  BOOST_TEST((!take("b", 11) && take("b", 4) && take("b", 6) && !take("b", 1)));
  BOOST_TEST((take("c", 10) && !take("d", 11)));
  taken.clear();
  BOOST_TEST((take("b", 70) && take("b", 10)));
}

BOOST_AUTO_TEST_CASE(amounts_count_as_such) {
  shares bytes(100, 60);
  auto most = bytes.take("a", 60);
  BOOST_TEST(most != nullptr);
  BOOST_TEST((!bytes.take("a", 1) && !bytes.take("b", 41) && !bytes.take("c", 61)));
  BOOST_TEST(bytes.take("b", 40) != nullptr);
  most.reset();
  BOOST_TEST(bytes.take("b", 60) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
