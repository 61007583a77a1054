#pragma once

// Reads a JSON document whose lists of objects may be too long to hold in memory. The elements of a
// list come one by one, each as a draft, with the line on which it starts. Any thread.

#include "domain/core/error.hpp"
#include "domain/json/json_value.hpp"

#include <cstddef>
#include <string_view>

namespace headwater {

/// Receives the parts of such a document in order. A path names members from the top of the
/// document
/// ("data.mappings"); the document itself is "". A key with a dot, a bracket or a quote in it, and
/// an empty key, are quoted; elements of an array have "[]" behind its path. Views are valid only
/// during the call.
class json_rows {
public:
  virtual ~json_rows() = default;
  /// Forgets everything, because the document is read again from its start.
  virtual void reset() = 0;
  /// A member that is not inside a row.
  virtual void member(std::string_view path) = 0;
  /// Whether the elements of the array at `path` are rows. If not, they come as values at that
  /// path.
  [[nodiscard]] virtual bool begin_list(std::string_view path) = 0;
  /// The next element of the current list. If it is not an object, the draft has a fault.
  virtual void row(draft element, std::size_t line) = 0;
  /// A scalar that is not inside a row.
  virtual void value(std::string_view path, const json_item& value) = 0;
  /// A key that appears twice in the same object, outside of rows.
  virtual void twice(std::string_view path) = 0;
};

/// Reads the whole text. The errors are those of parse_draft.
[[nodiscard]] result<void> read_json_rows(std::string_view text, json_rows& into);

} // namespace headwater
