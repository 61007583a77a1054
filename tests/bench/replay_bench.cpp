// Makes a log of many accounts, and times what reading it costs: see README.md, tests/bench/replay.
//
//   replay_bench make DIR ACCOUNTS EVENTS    about EVENTS events, of which 10,000 of account "big"
//   replay_bench read DIR                    prints a Markdown table
//   replay_bench replay DIR                  replays and does nothing else, for a profiler

#include "actors/shared/append.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/recovery.hpp"
#include "domain/accounts/system_events.hpp"
#include "domain/rules/rule_events.hpp"
#include "store/audit/verify.hpp"
#include "store/log/event_codec.hpp"
#include "store/open_log.hpp"

#include <fmt/core.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace {

using namespace headwater;
using attribution::referrer_mapping;

constexpr std::string_view accounts_prefix = "account/";
constexpr std::uint64_t events_of_big = 10'000;
constexpr std::size_t requests_of_a_group = 500;

template <class Value>
Value value_of(result<Value> from) {
  if (!from)
    throw std::runtime_error(from.error().message);
  if constexpr (!std::is_void_v<Value>)
    return std::move(*from);
}

store::append_command command_of(const encoded_event& event) {
  const actors::origin by{{"1", "01K0000000000000000000BENCH"}, {}};
  store::append_command out;
  out.events.push_back(actors::make_event(by, event.type, event.schema, event.payload));
  return out;
}

referrer_mapping mapping(std::int64_t id, std::uint64_t account) {
  referrer_mapping out;
  out.id = id;
  out.referrer_pattern =
      "partner-" + std::to_string(id) + ".account-" + std::to_string(account) + ".example";
  out.utm.source = "partner " + std::to_string(id);
  out.utm.campaign = "autumn";
  out.label = "Partner " + std::to_string(id);
  out.priority = id % 100;
  return out;
}

/// Of ten events eight create a mapping, one changes one and one deletes one.
attribution::rule_event event_at(std::uint64_t number, std::uint64_t account) {
  const auto ten = static_cast<std::int64_t>(number / 10 * 8);
  const auto digit = static_cast<std::int64_t>(number % 10);
  if (digit < 8)
    return attribution::referrer_mapping_created{mapping(ten + digit + 1, account)};
  if (digit == 9)
    return attribution::referrer_mapping_deleted{ten + 2};
  auto changed = mapping(ten + 1, account);
  changed.label = "Changed";
  return attribution::referrer_mapping_changed{std::move(changed)};
}

/// Appends requests in groups.
class writer {
public:
  explicit writer(store::event_log& log) : log_(log) {}

  void add(store::append_request request) {
    group_.push_back(std::move(request));
    if (group_.size() == requests_of_a_group)
      flush();
  }
  void flush() {
    constexpr micros some_day = 1'760'000'000'000'000;
    for (const auto& outcome : log_.append(group_, some_day))
      if (outcome.status != store::append_status::appended)
        throw std::runtime_error(outcome.reason);
    group_.clear();
  }

private:
  store::event_log& log_;
  std::vector<store::append_request> group_;
};

store::append_request rules_of(const std::string& id, std::uint64_t number, std::uint64_t events) {
  store::append_request out{actors::account_stream(id), 0, {}};
  for (std::uint64_t i = 0; i < events; ++i)
    out.commands.push_back(command_of(attribution::encode(event_at(i, number))));
  return out;
}

std::string account_id(std::uint64_t number) {
  return "account-" + std::to_string(number);
}

void make(const std::string& directory, std::uint64_t accounts, std::uint64_t events) {
  const auto opened = value_of(store::open_log({directory}));
  auto& log = opened->events();
  writer out{log};
  const auto each = (events - accounts - events_of_big) / accounts;
  for (std::uint64_t i = 0; i <= accounts; ++i) {
    accounts::account one;
    one.account_id = i < accounts ? account_id(i) : "big";
    one.name = "Account " + std::to_string(i);
    store::append_request created{"system", i, {}};
    created.commands.push_back(command_of(accounts::encode(accounts::account_created{one})));
    out.add(std::move(created));
    out.add(rules_of(one.account_id, i, i < accounts ? each : events_of_big));
  }
  out.flush();
  value_of(log.sync_head());
}

struct timing {
  const char* what;
  std::uint64_t events;
  double seconds;
};

template <class Work>
timing timed(const char* what, Work&& work) {
  const auto began = std::chrono::steady_clock::now();
  const std::uint64_t events = work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return {what, events, took.count()};
}

struct hashed {
  std::string header;
  store::sealed_part part;
  digest chain;
};

/// What is hashed of all accounts' events.
std::vector<hashed> all_hashed(const store::event_log& log) {
  std::vector<hashed> out;
  value_of(log.read_streams(accounts_prefix, [&](const store::recorded_event& event) {
    out.push_back({event.header_text, *event.part, event.chain});
    return result<void>{};
  }));
  return out;
}

/// The hashes and chains of events in memory: what replay spends on verification.
std::uint64_t verify(const std::vector<hashed>& events) {
  digest before{};
  for (const auto& event : events) {
    if (store::hash_part(event.part.salt, event.part.text) != event.part.payload_hash)
      throw std::runtime_error("a payload hash is wrong");
    // The first event of a stream follows 32 zero bytes.
    if (store::next_chain(before, event.header) != event.chain &&
        store::next_chain({}, event.header) != event.chain)
      throw std::runtime_error("a chain value is wrong");
    before = event.chain;
  }
  return events.size();
}

/// All accounts' rules in one sweep.
std::uint64_t replay(const store::event_log& log) {
  std::uint64_t events = 0;
  attribution::account_rules rules;
  value_of(log.read_streams(accounts_prefix, [&](const store::recorded_event& event) {
    if (event.header.sequence == 1)
      rules = {};
    ++events;
    return actors::apply_recorded(rules, event);
  }));
  return events;
}

void read(const std::string& directory) {
  const auto opened = value_of(store::open_log_to_read(directory));
  const auto& log = opened->events();
  const auto events = all_hashed(log);
  const auto hashes = timed("hashes and chains alone, in memory", [&] { return verify(events); });
  const auto whole = timed("replay of all accounts, verified", [&] { return replay(log); });
  const timing all[] = {
      whole,
      hashes,
      {"replay, hashes and chains taken off", whole.events, whole.seconds - hashes.seconds},
      timed("replay of one account, verified",
            [&] { return value_of(actors::replay_rules(log, "big")).rules->version(); }),
      timed("log verify", [&] { return value_of(store::verify_log(log, {})).events; }),
  };
  fmt::print("| what | events | seconds | events a second |\n|---|---:|---:|---:|\n");
  for (const auto& each : all)
    fmt::print("| {} | {} | {:.3f} | {:.0f} |\n", each.what, each.events, each.seconds,
               static_cast<double>(each.events) / each.seconds);
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t out = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), out).ec != std::errc{})
    throw std::runtime_error("not a number: " + std::string(text));
  return out;
}

} // namespace

int main(int argc, char** argv) try {
  if (argc == 5 && std::strcmp(argv[1], "make") == 0)
    make(argv[2], number_of(argv[3]), number_of(argv[4]));
  else if (argc == 3 && std::strcmp(argv[1], "read") == 0)
    read(argv[2]);
  else if (argc == 3 && std::strcmp(argv[1], "replay") == 0)
    fmt::print("{} events\n", replay(value_of(store::open_log_to_read(argv[2]))->events()));
  else
    throw std::runtime_error("replay_bench make DIR ACCOUNTS EVENTS | read DIR | replay DIR");
  return 0;
} catch (const std::exception& what) {
  fmt::print(stderr, "replay_bench: {}\n", what.what());
  return 2;
}
