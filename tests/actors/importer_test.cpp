#include "fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/event_based_actor.hpp>

#include <future>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

prepare_mappings document_of(fixture& f, const std::string& account_id, std::size_t rows) {
  std::string text = "referrer_pattern,match_type,utm_source\n";
  for (std::size_t i = 0; i < rows; ++i)
    text += "^(?:[a-z0-9-]+\\.)*site" + std::to_string(i) + "\\.example$,regex,s\n";
  prepare_mappings out;
  out.body = std::make_shared<const std::string>(std::move(text));
  out.format = attribution::import_format::csv;
  out.options.account_id = account_id;
  out.rules = f.account(account_id)->rules();
  out.waits_until = std::chrono::steady_clock::now() + std::chrono::hours{1};
  return out;
}

struct answer {
  std::string account_id;
  bool is_prepared = false;
};

/// Sends all documents at once; the answers in the order in which they come.
std::vector<answer> send_all(fixture& f, std::vector<prepare_mappings> all) {
  std::vector<answer> out;
  std::promise<void> done;
  // CAF 0.17 wants an argument to start an actor from a function.
  const auto send = [&](caf::event_based_actor* self, const importer_actor& to) {
    for (const auto& each : all)
      self->request(to, caf::infinite, each)
          .then([&, id = each.options.account_id](const prepared_mappings& reply) {
            out.push_back({id, reply.has_value()});
            if (out.size() == all.size())
              done.set_value();
          });
  };
  f.running->system().spawn(send, f.running->importer());
  done.get_future().wait();
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(importing)

BOOST_AUTO_TEST_CASE(accounts_take_turns_and_one_account_has_few_documents_waiting) {
  fixture f;
  std::vector<prepare_mappings> all(7, document_of(f, "busy", 3'000));
  all.push_back(document_of(f, "other", 1));
  const auto answers = send_all(f, std::move(all));
  std::vector<std::string> prepared;
  for (const auto& each : answers)
    if (each.is_prepared)
      prepared.push_back(each.account_id);
  // Of seven one is worked on and four wait at most.
  BOOST_TEST(prepared.size() >= 5U);
  BOOST_TEST(prepared.size() <= 6U);
  BOOST_REQUIRE(prepared.size() > 2U);
  BOOST_TEST(prepared[0] == "busy");
  BOOST_TEST(prepared[1] == "other");
}

BOOST_AUTO_TEST_CASE(document_that_nobody_waits_for_any_more_is_not_read) {
  fixture f;
  auto late = document_of(f, "acme", 1);
  late.waits_until = std::chrono::steady_clock::now() - std::chrono::milliseconds{1};
  const auto reply = f.ask<prepared_mappings>(f.running->importer(), late);
  BOOST_REQUIRE(reply.has_error());
  BOOST_TEST((reply.error().code == errc::service_unavailable));
  late.waits_until = std::chrono::steady_clock::now() + std::chrono::hours{1};
  BOOST_TEST(f.ask<prepared_mappings>(f.running->importer(), late).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
