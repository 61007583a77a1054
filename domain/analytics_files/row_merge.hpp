#pragma once

// Merges sorted parts of an export and adds up rows with the same key. A push replaces the stored
// row of a key, so of two rows in one file the first would be lost. Pure; belongs to one thread.

#include "domain/analytics_files/row_buffer.hpp"
#include "domain/core/error.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headwater::analytics_files {

/// A source of rows in the order of comes_before().
class sorted_rows {
public:
  virtual ~sorted_rows() = default;
  /// The next row, whose texts are valid until the next call; false at the end.
  [[nodiscard]] virtual result<bool> next(export_row& into) = 0;
};

/// The rows of a sorted buffer, which must outlive this.
[[nodiscard]] std::unique_ptr<sorted_rows> rows_of(const row_buffer& buffer);

class row_merge {
public:
  explicit row_merge(std::vector<std::unique_ptr<sorted_rows>> parts) : parts_(std::move(parts)) {}

  /// The next key with its figures added up: null plus null is null, null plus 5 is 5. Line and
  /// batch id are those of its first row. Texts are valid until the next call; false at the end.
  /// errc::bad_request, in words for a person, if a sum exceeds what the API accepts; also any
  /// error of a part.
  [[nodiscard]] result<bool> next(export_row& into);

  /// How many rows were read from the parts, and how many of them were added to an earlier one.
  [[nodiscard]] std::uint64_t read() const { return read_; }
  [[nodiscard]] std::uint64_t added_up() const { return added_up_; }

private:
  struct head {
    export_row row;
    std::size_t part;
  };

  [[nodiscard]] result<void> open();
  [[nodiscard]] result<void> pull(std::size_t part);
  [[nodiscard]] result<void> pop();

  std::vector<std::unique_ptr<sorted_rows>> parts_;
  std::vector<head> heads_; ///< a heap with the first row on top
  bool is_open_ = false;
  std::string referrer_, page_, batch_id_; ///< of the current row
  std::uint64_t read_ = 0, added_up_ = 0;
};

} // namespace headwater::analytics_files
