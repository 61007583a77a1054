#include "store/audit/verify.hpp"
#include "tests/store/log_fixture.hpp"
#include "tests/store/memory_log.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace headwater;
using namespace headwater::store;

namespace {

/// A log whose reader sees one event otherwise than it was written.
class tampered_log : public memory_log {
public:
  std::uint64_t position = 0;
  std::function<void(recorded_event&)> change;

  result<void> read_all(std::uint64_t from, const event_visitor& visit) const override {
    return memory_log::read_all(from, [&](const recorded_event& event) {
      auto seen = event;
      if (event.header.position == position)
        change(seen);
      return visit(seen);
    });
  }

  std::function<void(stream_name&, stream_head&)> change_head;

  result<void> visit_heads(const head_visitor& visit) const override {
    return memory_log::visit_heads([&](stream_name stream, stream_head head) -> result<void> {
      if (change_head)
        change_head(stream, head);
      return stream.empty() ? result<void>{} : visit(stream, head);
    });
  }
};

void fill(event_log& log, int streams, int events) {
  for (int i = 0; i < events; ++i)
    for (int stream = 0; stream < streams; ++stream) {
      append_request request{
          "account/a" + std::to_string(stream), static_cast<std::uint64_t>(i), {}};
      append_command command;
      command.events.push_back({"thing_done", 1, seal({"1", "r"}, {}, "{}", {})});
      request.commands.push_back(std::move(command));
      auto outcome = log.append(std::span{&request, 1}, 1'000 + i);
      BOOST_REQUIRE(outcome.at(0).status == append_status::appended);
    }
}

std::string complaint(const std::function<void(recorded_event&)>& change) {
  tampered_log log;
  fill(log, 3, 4);
  log.position = 8; // account/a1, sequence 3
  log.change = change;
  auto verified = verify_log(log, {});
  return verified ? "" : verified.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(verifying_a_log)

BOOST_AUTO_TEST_CASE(a_whole_log_is_counted) {
  memory_log log;
  fill(log, 3, 4);
  auto verified = verify_log(log, {}).value();
  BOOST_TEST(verified.events == 12u);
  BOOST_TEST(verified.streams == 3u);
  BOOST_TEST(verified.erased == 0u);
}

BOOST_AUTO_TEST_CASE(an_empty_log_is_whole) {
  memory_log log;
  BOOST_TEST(verify_log(log, {}).value().events == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_changed_is_named_by_stream_and_sequence) {
  const std::vector<std::function<void(recorded_event&)>> changes{
      [](recorded_event& event) { event.part->text[0] ^= 1; },
      [](recorded_event& event) { event.part->salt[0] ^= 1; },
      [](recorded_event& event) { event.header_text[5] ^= 1; },
      [](recorded_event& event) { event.chain[0] ^= 1; },
      [](recorded_event& event) { event.header.time = 1; },
  };
  for (auto& change : changes)
    BOOST_TEST(complaint(change).find("account/a1, sequence 3") != std::string::npos);
  BOOST_TEST(complaint([](recorded_event& event) {
               ++event.header.sequence;
             }).find("account/a1, sequence 4") != std::string::npos);
}

// Readers find the end of a stream by its head: a lowered one would hide events, without one all.
BOOST_AUTO_TEST_CASE(a_head_that_is_not_of_the_last_event_is_named) {
  const auto complaint = [](auto change) {
    tampered_log log;
    fill(log, 3, 4);
    log.change_head = [&](stream_name& stream, stream_head& head) {
      if (stream == "account/a1")
        change(stream, head);
    };
    auto verified = verify_log(log, {});
    return verified ? "" : verified.error().message;
  };
  const std::string last = "stream account/a1, sequence 4: its stream's head ";
  BOOST_TEST(complaint([](auto&, auto& head) { --head.version; }) ==
             last + "does not name it as the last event, but sequence 3");
  BOOST_TEST(complaint([](auto&, auto& head) { ++head.position; }).starts_with(last));
  BOOST_TEST(complaint([](auto&, auto& head) { head.chain[7] ^= 1; }).starts_with(last));
  BOOST_TEST(complaint([](auto& stream, auto&) { stream.clear(); }) == last + "is gone");
  BOOST_TEST(complaint([](auto& stream, auto&) { stream = "account/b"; }) ==
             "stream account/b, sequence 4: its stream's head names it, and it is gone");
  BOOST_TEST(complaint([](auto&, auto&) {}).empty());
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_gone_and_that_no_erasure_accounts_for_is_named) {
  BOOST_TEST(complaint([](recorded_event& event) { event.part.reset(); }) ==
             "stream account/a1, sequence 3: its payload part is gone, and no account_erased "
             "accounts for it");
}

BOOST_AUTO_TEST_SUITE_END()
