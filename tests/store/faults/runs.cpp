#include "tests/store/faults/runs.hpp"

#include "tests/store/faults/inspector.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <execinfo.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headwater::store::testing {
namespace {

constexpr unsigned patience = 300; // seconds: the processors may be taken by others
constexpr std::string_view complaint = "wrong ";
constexpr std::string_view counted = "counts ";

/// Which function of RocksDB an assertion is in, and who called it.
void show_where(int signal) {
  constexpr int most = 40;
  void* frames[most];
  ::backtrace_symbols_fd(frames, ::backtrace(frames, most), STDERR_FILENO);
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

} // namespace

std::vector<std::string> traced_process::complaints() const {
  std::vector<std::string> out;
  for (const auto& entry : entries)
    if (entry.what == traced::noted && entry.text.starts_with(complaint))
      out.push_back(entry.text.substr(complaint.size()));
  return out;
}

operation_counts traced_process::counts() const {
  for (const auto& entry : entries)
    if (entry.what == traced::noted && entry.text.starts_with(counted))
      return read_counts(entry.text);
  return {};
}

std::size_t traced_process::faults() const {
  return static_cast<std::size_t>(std::ranges::count(entries, traced::fault, &trace_entry::what));
}

traced_process run_forked(const std::function<void(int trace)>& work) {
  const auto trace = ::memfd_create("trace", 0);
  BOOST_REQUIRE(trace >= 0);
  const auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(patience);
    for (const auto signal : {SIGABRT, SIGSEGV, SIGALRM}) // Boost.Test would go on after them
      std::signal(signal, SIG_DFL);
    std::signal(SIGABRT, show_where);
    try {
      work(trace);
    } catch (const std::exception& thrown) {
      write_trace(trace,
                  {traced::noted, 0, 0, {}, "wrong exception: " + std::string{thrown.what()}});
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  traced_process out;
  out.entries = read_trace(trace);
  ::close(trace);
  if (WIFSIGNALED(status))
    out.ended = "signal " + std::to_string(WTERMSIG(status));
  else if (WEXITSTATUS(status) != 0)
    out.ended = "status " + std::to_string(WEXITSTATUS(status));
  return out;
}

void learn(known_log& known, std::span<const trace_entry> entries) {
  for (const auto& entry : entries)
    if (entry.what == traced::noted)
      known.learn(entry.text);
}

traced_process run_on_faulty_disk(const std::filesystem::path& directory, std::uint64_t seed,
                                  script_length length, const fault_plan& plan,
                                  const known_log& known) {
  return run_forked([&](int trace) {
    begin_faults(directory, trace, plan);
    note("begins");
    run_script(directory, seed, length, known);
    note_counts();
  });
}

traced_process run_inspector(const std::filesystem::path& directory, const known_log& known) {
  return run_forked([&](int trace) {
    begin_faults(directory, trace, {});
    inspect(directory, known);
  });
}

} // namespace headwater::store::testing
