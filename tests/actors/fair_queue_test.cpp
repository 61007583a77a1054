#include "actors/views/projections.hpp"
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

/// A log whose streams can be read only while a gate is open, and which notes what was read.
class gated_log final : public store::memory_log {
public:
  result<void> read_stream(const store::stream_name& stream, std::uint64_t from,
                           const store::event_visitor& visit) const override {
    std::unique_lock hold{lock_};
    ++arrived_;
    changed_.notify_all();
    changed_.wait(hold, [this] { return is_open_; });
    read_.push_back(stream);
    hold.unlock();
    return memory_log::read_stream(stream, from, visit);
  }

  void set_open(bool open) {
    std::lock_guard hold{lock_};
    is_open_ = open;
    arrived_ = 0;
    read_.clear();
    changed_.notify_all();
  }
  void wait_for_reader() {
    std::unique_lock hold{lock_};
    changed_.wait(hold, [this] { return arrived_ > 0; });
  }
  /// Streams in the order of their reading, each run of one as one.
  std::vector<store::stream_name> turns() const {
    std::lock_guard hold{lock_};
    auto out = read_;
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

private:
  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  mutable std::vector<store::stream_name> read_;
  mutable std::size_t arrived_ = 0;
  bool is_open_ = true;
};

constexpr std::size_t most_of_one = 32;

/// A service over such a log with two accounts, and questions sent without waiting for the answers.
struct fair_queue_fixture {
  fair_queue_fixture() {
    for (const auto* account_id : {"acme", "beta"})
      for (int i = 0; i < 3; ++i) {
        const auto pattern = "m" + std::to_string(i) + ".example";
        of.command(account_id, attribution::create_referrer_mapping{mapping_body(pattern), false})
            .value();
      }
    log->set_open(false);
  }
  ~fair_queue_fixture() { log->set_open(true); }

  auto send(const std::string& account_id, std::chrono::milliseconds patience = one_hour) {
    recall_rules wanted;
    wanted.account_id = account_id;
    wanted.at = {{"query", "as_of"}, "1", 1, 0};
    wanted.waits_until = std::chrono::steady_clock::now() + patience;
    return self->request(of.running->historian(), std::chrono::seconds{60}, std::move(wanted));
  }

  auto read(const std::string& account_id) {
    read_events wanted;
    wanted.account_id = account_id;
    wanted.stream = account_stream(account_id);
    wanted.limit = 10;
    return self->request(of.running->log_reader(), std::chrono::seconds{60}, std::move(wanted));
  }

  /// errc, or nothing where it was answered.
  template <class Reply, class Asked>
  std::optional<errc> answer(Asked& asked) {
    std::optional<errc> out;
    asked.receive(
        [&](const Reply& reply) {
          if (reply.has_error())
            out = reply.error().code;
        },
        [&](const caf::error& why) { throw std::runtime_error(of.running->system().render(why)); });
    return out;
  }

  static constexpr std::chrono::milliseconds one_hour{3'600'000};
  std::shared_ptr<gated_log> log = std::make_shared<gated_log>();
  fixture of{log, small()};
  caf::scoped_actor self{of.running->system()};
};

} // namespace

BOOST_AUTO_TEST_SUITE(fair_queues)

BOOST_AUTO_TEST_CASE(account_with_much_to_ask_holds_up_others_for_one_turn) {
  fair_queue_fixture f;
  auto first = f.send("acme");
  f.log->wait_for_reader();
  std::vector<decltype(first)> many;
  for (std::size_t i = 0; i < most_of_one; ++i)
    many.push_back(f.send("acme"));
  auto others = f.send("beta");
  // The answer to this one comes at once, and shows that those before it have arrived.
  auto beyond = f.send("acme");
  BOOST_TEST((f.answer<recall_reply>(beyond) == errc::service_unavailable));
  f.log->set_open(true);
  BOOST_TEST((f.answer<recall_reply>(others) == std::nullopt));
  BOOST_TEST((f.answer<recall_reply>(first) == std::nullopt));
  for (auto& one : many)
    BOOST_TEST((f.answer<recall_reply>(one) == std::nullopt));
  BOOST_TEST((f.log->turns() ==
              std::vector<store::stream_name>{"account/acme", "account/beta", "account/acme"}));
}

BOOST_AUTO_TEST_CASE(question_that_nobody_waits_for_any_more_takes_no_turn) {
  fair_queue_fixture f;
  auto first = f.send("acme");
  f.log->wait_for_reader();
  auto late = f.send("beta", std::chrono::milliseconds{-1});
  f.log->set_open(true);
  BOOST_TEST((f.answer<recall_reply>(late) == errc::service_unavailable));
  BOOST_TEST((f.answer<recall_reply>(first) == std::nullopt));
  BOOST_TEST((f.log->turns() == std::vector<store::stream_name>{"account/acme"}));
}

BOOST_AUTO_TEST_CASE(readings_of_events_take_turns_too) {
  fair_queue_fixture f;
  auto first = f.read("acme");
  f.log->wait_for_reader();
  auto others = f.read("beta");
  std::vector<decltype(first)> many;
  for (std::size_t i = 0; i < 64; ++i)
    many.push_back(f.read("acme"));
  auto beyond = f.read("acme");
  BOOST_TEST((f.answer<events_reply>(beyond) == errc::service_unavailable));
  f.log->set_open(true);
  for (auto* one : {&first, &others})
    BOOST_TEST((f.answer<events_reply>(*one) == std::nullopt));
  for (auto& one : many)
    BOOST_TEST((f.answer<events_reply>(one) == std::nullopt));
  BOOST_TEST((f.log->turns() ==
              std::vector<store::stream_name>{"account/acme", "account/beta", "account/acme"}));
}

BOOST_AUTO_TEST_SUITE_END()
