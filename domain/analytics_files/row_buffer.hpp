#pragma once

// Rows of an export in one block of memory of a fixed size, to be sorted; and the encoding in which
// sorted parts wait in a file. Pure; belongs to one thread.

#include "domain/analytics_files/row_from_record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

/// Referrer first, so that rows of the same referrer are adjacent; then day, page and line.
[[nodiscard]] bool comes_before(const export_row& a, const export_row& b);
/// Whether the API considers both to be the same row: same referrer, day and page.
[[nodiscard]] bool same_key(const referrals::referral_row& a, const referrals::referral_row& b);

/// Only this process reads these bytes, and soon, so they have no version.
void append_row(std::string& out, const export_row& row);
/// Takes a row from the front of `bytes`, into which its texts point. False, with `bytes`
/// unchanged, if they do not hold a whole row.
[[nodiscard]] bool take_row(std::string_view& bytes, export_row& into);

class row_buffer {
public:
  /// `bytes`: how many it may hold, at most 1 GiB.
  explicit row_buffer(std::size_t bytes) : limit_(bytes) {}

  [[nodiscard]] bool full() const { return text_.size() >= limit_; }
  void add(const export_row& row);
  void sort();
  void clear();
  [[nodiscard]] std::size_t size() const { return starts_.size(); }
  /// The row at an index; its texts point into the buffer.
  [[nodiscard]] export_row at(std::size_t place) const;

private:
  [[nodiscard]] export_row starting_at(std::uint32_t start) const;

  std::size_t limit_;
  std::string text_;
  std::vector<std::uint32_t> starts_;
};

} // namespace headwater::analytics_files
