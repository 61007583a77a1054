#pragma once

// One run: a process with a script on a faulty disk, a power cut, and a process that inspects what
// is left on a good one. The processes are forked by one that never opened a database and so has no
// threads.

#include "tests/store/faults/disk_trace.hpp"
#include "tests/store/faults/faulty_disk.hpp"
#include "tests/store/faults/known_log.hpp"
#include "tests/store/faults/power_cut.hpp"
#include "tests/store/faults/script.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headwater::store::testing {

/// How a process ended, and its trace.
struct traced_process {
  std::vector<trace_entry> entries;
  std::string ended; ///< empty: as it should; else "signal 6", "status 3"

  /// What it noted as wrong.
  [[nodiscard]] std::vector<std::string> complaints() const;
  /// The operations that it called.
  [[nodiscard]] operation_counts counts() const;
  /// How many faults were injected.
  [[nodiscard]] std::size_t faults() const;
};

/// Runs `work` in a forked process, which gets the descriptor of its trace. It is ended after
/// five minutes.
[[nodiscard]] traced_process run_forked(const std::function<void(int trace)>& work);

/// Learns what the first entries of a trace say.
void learn(known_log& known, std::span<const trace_entry> entries);

/// The script on a disk that begins as `directory` is.
[[nodiscard]] traced_process run_on_faulty_disk(const std::filesystem::path& directory,
                                                std::uint64_t seed, script_length length,
                                                const fault_plan& plan, const known_log& known);

[[nodiscard]] traced_process run_inspector(const std::filesystem::path& directory,
                                           const known_log& known);

} // namespace headwater::store::testing
