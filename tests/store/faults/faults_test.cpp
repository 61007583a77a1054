// What an event log promises (docs/architecture.md), on disks that fail: a script runs on one, the
// power is cut, and what is left must hold all that was acknowledged and nothing half. A few
// seconds of random runs; HEADWATER_FAULT_RUNS=1000 makes so many faults, and HEADWATER_SEED=N
// repeats a run (README.md).

#include "tests/store/changed_bytes.hpp"
#include "tests/store/faults/runs.hpp"
#include "tests/store/log_fixture.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <random>

namespace headwater::store::testing {
namespace {

/// How long a test case goes on, and how many runs it makes.
class run_budget {
public:
  run_budget() {
    if (const auto* text = std::getenv("HEADWATER_FAULT_RUNS"))
      runs_ = std::strtoull(text, nullptr, 10);
  }
  [[nodiscard]] bool next() {
    if (runs_ > 0)
      return done_++ < runs_;
    ++done_;
    return std::chrono::steady_clock::now() < end_;
  }

private:
  static constexpr auto time = std::chrono::milliseconds{2'000};
  std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + time;
  std::uint64_t runs_ = 0;
  std::uint64_t done_ = 0;
};

/// What runs of a test case came to.
struct tally {
  std::uint64_t runs = 0;
  std::uint64_t faults = 0;  ///< runs in which one was injected
  std::uint64_t aborted = 0; ///< of these the process ended by a signal
  std::uint64_t acknowledged = 0;

  void print(std::string_view what, std::uint64_t seed) const {
    std::cout << what << ": " << runs << " runs, " << faults << " with a fault, " << aborted
              << " ended by RocksDB, " << acknowledged << " commands acknowledged; seed " << seed
              << std::endl;
  }
};

std::uint64_t acknowledged_in(const known_log& known) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      known.commands, [](const auto& each) { return each.second.is_acknowledged; }));
}

constexpr int errors[] = {EIO, ENOSPC};

fault_plan random_fault(const operation_counts& counts, std::mt19937_64& random) {
  fault_plan out;
  do
    out.of = static_cast<operation>(random() % operation_count);
  while (counts[static_cast<std::size_t>(out.of)] == 0);
  out.kind =
      std::array{fault_kind::once, fault_kind::for_ever, fault_kind::full_disk}[random() % 3];
  if (out.kind == fault_kind::full_disk)
    out.of = operation::write;
  out.n = 1 + random() % counts[static_cast<std::size_t>(out.of)];
  out.error = errors[random() % 2];
  out.writes_half = random() % 2 == 0;
  return out;
}

unsynced random_fate(std::mt19937_64& random) {
  return all_fates[random() % std::size(all_fates)];
}

std::size_t beginning_of(const traced_process& process) {
  const auto found = std::ranges::find_if(process.entries, [](const trace_entry& entry) {
    return entry.what == traced::noted && entry.text == "begins";
  });
  return static_cast<std::size_t>(found - process.entries.begin());
}

/// A directory on which processes run one after another, with a power cut after each.
class machine {
public:
  machine(std::uint64_t seed, tally& count) : random_(seed), count_(count) {
    fs::create_directories(disk());
  }

  traced_process run(script_length length, const fault_plan& plan) {
    auto process = run_on_faulty_disk(disk(), random_(), length, plan, known_);
    ++count_.runs;
    story_ += "; " + describe(plan);
    if (process.faults() > 0)
      ++count_.faults;
    if (!process.ended.empty()) {
      ++count_.aborted;
      story_ += " (" + process.ended + ")";
      // RocksDB 7.8.3 has assertions about disks that do not fail.
      if (process.ended != "signal 6" || process.faults() == 0)
        BOOST_ERROR("the script ended by " << process.ended << story_);
      else
        std::cout << "RocksDB ended the script" << story_ << std::endl;
    }
    for (const auto& why : process.complaints())
      BOOST_ERROR(why << story_);
    return process;
  }

  /// After so many entries of the trace.
  void cut_power(const traced_process& process, std::size_t after, unsynced fate) {
    const std::span entries{process.entries.data(), after};
    story_ += "; power cut after " + std::to_string(after) + " of " +
              std::to_string(process.entries.size()) + ", unsynced " + std::string{name_of(fate)};
    learn(known_, entries);
    const auto next = directory_.path() / ("disk " + std::to_string(++disks_));
    disk_image{entries, fate, random_}.write_to(next);
  }

  /// At any moment.
  void cut_power(const traced_process& process) {
    const auto begins = beginning_of(process);
    const auto after = begins + random_() % (process.entries.size() - begins + 1);
    cut_power(process, after, random_fate(random_));
  }

  void inspect() {
    // On a copy, for the machine may go on.
    const auto copy = directory_.path() / "inspected";
    fs::remove_all(copy);
    fs::copy(disk(), copy, fs::copy_options::recursive);
    const auto process = run_inspector(copy, known_);
    if (!process.ended.empty())
      BOOST_ERROR("the inspector ended by " << process.ended << story_);
    for (const auto& why : process.complaints())
      BOOST_ERROR(why << story_);
    if (!process.ended.empty() || !process.complaints().empty())
      keep();
  }

  void finish() { count_.acknowledged += acknowledged_in(known_); }
  [[nodiscard]] std::mt19937_64& random() { return random_; }
  void begin_story(const std::string& text) { story_ = text; }

private:
  [[nodiscard]] fs::path disk() const {
    return directory_.path() / ("disk " + std::to_string(disks_));
  }
  void keep() const {
    const auto* to = std::getenv("HEADWATER_KEEP_DISKS");
    if (to == nullptr)
      return;
    const auto place =
        fs::path{to} / (std::to_string(::getpid()) + "-" + std::to_string(count_.runs));
    fs::copy(disk(), place, fs::copy_options::recursive);
    std::cerr << "kept in " << place << std::endl;
  }

  scratch_directory directory_{memory_or_disk()};
  std::mt19937_64 random_;
  tally& count_;
  known_log known_;
  std::string story_;
  std::size_t disks_ = 0;
};

/// Runs machines, each with its own seed, until the budget is spent; on a slow machine for longer,
/// until one of them has acknowledged something.
void run_machines(std::string_view what, const std::function<void(machine&)>& run) {
  const auto first = test_seed();
  tally count;
  run_budget budget;
  constexpr std::uint64_t at_most = 40;
  for (std::uint64_t i = 0; budget.next() || (count.acknowledged == 0 && i < at_most); ++i) {
    machine one{first + i, count};
    one.begin_story(" [HEADWATER_SEED=" + std::to_string(first + i) + "]");
    run(one);
    one.finish();
  }
  count.print(what, first);
  BOOST_TEST(count.acknowledged > 0U, "nothing was acknowledged, so nothing was tested");
}

bool every_fault() {
  const auto* text = std::getenv("HEADWATER_EVERY_FAULT");
  return text && std::string_view{text} == "1";
}

/// How often a script without faults calls each operation, roughly: scripts differ.
operation_counts typical_counts(script_length length) {
  tally ignored;
  machine one{1, ignored};
  return one.run(length, {}).counts();
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(every_sort_of_operation_goes_through_the_faulty_disk) {
  tally ignored;
  operation_counts all{};
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    machine one{seed, ignored};
    const auto process = one.run(script_length::whole, {});
    BOOST_TEST(process.ended == "");
    for (std::size_t i = 0; i < operation_count; ++i)
      all[i] += process.counts()[i];
  }
  for (std::size_t i = 0; i < operation_count; ++i)
    BOOST_TEST(all[i] > 0U, name_of(static_cast<operation>(i)));
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_power_cut_at_any_moment) {
  run_machines("power cuts", [](machine& one) {
    one.cut_power(one.run(script_length::whole, {}));
    one.inspect();
  });
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_failed_operation_and_a_power_cut) {
  const auto counts = typical_counts(script_length::whole);
  run_machines("faults", [&](machine& one) {
    const auto process = one.run(script_length::whole, random_fault(counts, one.random()));
    one.cut_power(process, process.entries.size(), random_fate(one.random()));
    one.inspect();
  });
}

BOOST_AUTO_TEST_CASE(each_operation_of_one_script_may_fail) {
  if (!every_fault())
    return;
  const auto seed = test_seed();
  tally count;
  machine plain{seed, count};
  const auto counts = plain.run(script_length::whole, {}).counts();
  for (std::size_t of = 0; of < operation_count; ++of)
    for (std::uint64_t n = 1; n <= counts[of]; ++n)
      for (const auto kind : {fault_kind::once, fault_kind::for_ever}) {
        machine one{seed, count};
        one.begin_story(" [HEADWATER_SEED=" + std::to_string(seed) + "]");
        const auto process =
            one.run(script_length::whole, {kind, static_cast<operation>(of), n, EIO, n % 2 == 0});
        one.cut_power(process, process.entries.size(), all_fates[n % std::size(all_fates)]);
        one.inspect();
        one.finish();
      }
  count.print("each operation", seed);
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_faults_and_power_cuts_of_later_starts) {
  const auto counts = typical_counts(script_length::whole);
  run_machines("faults, start after start", [&](machine& one) {
    for (int start = 0; start < 3; ++start)
      one.cut_power(one.run(script_length::whole, random_fault(counts, one.random())));
    one.inspect();
  });
}

BOOST_AUTO_TEST_CASE(a_first_start_that_met_a_fault_is_followed_by_one_that_works) {
  const auto counts = typical_counts(script_length::first_start);
  run_machines("first starts", [&](machine& one) {
    one.cut_power(one.run(script_length::first_start, random_fault(counts, one.random())));
    one.inspect();
    // Most first starts are cut off before they acknowledge anything; the next one does.
    one.cut_power(one.run(script_length::whole, {}));
    one.inspect();
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
