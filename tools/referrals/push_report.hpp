#pragma once

// The result of a push, for people and for scripts.

#include "domain/analytics_files/export_reader.hpp"
#include "domain/analytics_files/push_batch.hpp"
#include "domain/analytics_files/rejections.hpp"
#include "tools/api/api_client.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace headwater::tools {

struct push_summary {
  std::string file;
  bool is_dry_run = false;
  bool is_complete = false; ///< all rows of the file were taken, or would be
  std::string failure;      ///< why not
  analytics_files::export_tally read;
  std::uint64_t added_up = 0;
  std::uint64_t rows = 0; ///< sent and answered; in a dry run: that would be sent
  std::uint64_t batches = 0;
  std::uint64_t accepted = 0, rejected = 0, unchanged = 0;
  std::uint64_t unexplained = 0; ///< how many rows `rejected` differs by from what the list says
  std::uint64_t retries = 0;
  std::int64_t milliseconds = 0;
  std::string list_version;
  bool is_servers_list = false;
  std::vector<analytics_files::rejected_referrer> most_rejected; ///< if is_complete
  std::uint64_t rejected_referrers = 0, rows_of_referrers = 0, future_rows = 0;
  std::vector<analytics_files::export_fault> faults; ///< the first ones
};

/// Prints it on stdout.
void print_summary(const push_summary& of);
void print_summary_json(const push_summary& of);

/// Prints the faults of the file on stderr, by line.
void print_faults(const push_summary& of);

/// " (102 lines)" if bad records take more than one line each, else empty.
[[nodiscard]] std::string bad_lines(const push_summary& of);

/// Prints on stderr the metrics that rows lack because --map leaves out their columns.
void print_emptied(const push_summary& of);

/// A refusal in one line, then one line for each row that the server names, with its line in the
/// file.
[[nodiscard]] std::vector<std::string> refusal_lines(const api_answer& answer,
                                                     const std::string& file,
                                                     const analytics_files::push_batch* batch);

} // namespace headwater::tools
