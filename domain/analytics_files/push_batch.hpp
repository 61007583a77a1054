#pragma once

// Turns rows into the bodies of pushes: NDJSON, each with a limited number of rows and bytes. Pure;
// belongs to one thread.

#include "domain/analytics_files/row_from_record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace headwater::analytics_files {

/// The most that a server accepts in one push, unless it is configured otherwise.
inline constexpr std::size_t max_batch_rows = 10'000;
inline constexpr std::size_t max_batch_bytes = 5 << 20;

struct push_batch {
  std::uint64_t number = 0;       ///< from 1
  std::string body;               ///< NDJSON
  std::vector<line_number> lines; ///< for each row, its line in the export
  std::uint64_t rejected = 0;     ///< how many rows the server is expected to reject

  [[nodiscard]] line_number first_line() const;
  [[nodiscard]] line_number last_line() const;
};

class batch_cutter {
public:
  /// Each row gets `batch_id`, followed by "-" and the number of its batch. If `batch_id` is empty,
  /// rows keep their own.
  batch_cutter(std::size_t rows, std::string batch_id)
      : rows_(rows), batch_id_(std::move(batch_id)) {}

  /// Adds a row. True if it no longer fits: call take(), then add it again.
  [[nodiscard]] bool add(const export_row& row, bool is_rejected);
  /// Returns the batch so far and begins the next one.
  [[nodiscard]] push_batch take();
  [[nodiscard]] bool empty() const { return batch_.lines.empty(); }

private:
  void append(std::string& out, const referrals::referral_row& row) const;

  std::size_t rows_;
  std::string batch_id_;
  push_batch batch_{1, {}, {}, 0};
  std::string line_;
};

} // namespace headwater::analytics_files
