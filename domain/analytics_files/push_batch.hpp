#pragma once

// Rows cut into the bodies of pushes: NDJSON, at most so many rows and bytes each. Pure; belongs to
// one thread.

#include "domain/analytics_files/row_from_record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace headwater::analytics_files {

/// What the API takes in one push unless its operator says otherwise.
inline constexpr std::size_t max_batch_rows = 10'000;
inline constexpr std::size_t max_batch_bytes = 5 << 20;

struct push_batch {
  std::uint64_t number = 0;       ///< from 1
  std::string body;               ///< NDJSON
  std::vector<line_number> lines; ///< of the export, for each row
  std::uint64_t rejected = 0;     ///< how many the server is expected to reject

  [[nodiscard]] line_number first_line() const;
  [[nodiscard]] line_number last_line() const;
};

class batch_cutter {
public:
  /// `batch_id`: every row has it, and "-" and the number of its batch; empty: each row its own.
  batch_cutter(std::size_t rows, std::string batch_id)
      : rows_(rows), batch_id_(std::move(batch_id)) {}

  /// Adds a row; true if it did not fit any more, and then it is to be added after take().
  [[nodiscard]] bool add(const export_row& row, bool is_rejected);
  /// The batch so far; the next one begins.
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
