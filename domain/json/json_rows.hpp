#pragma once

// Reads a JSON document whose lists of objects may be too long to be held as values: their elements
// come one by one, each as a draft with the line on which it starts. Any thread.

#include "domain/core/error.hpp"
#include "domain/json/json_value.hpp"

#include <cstddef>
#include <string_view>

namespace headwater {

/// What is told of such a document, in its order. A path names members from the document's top,
/// "data.mappings"; the document itself is "". A key with a dot, a bracket or a quote in it, and an
/// empty one, stand in quotes, and what stands in an array has "[]" behind the array's path. Views
/// live for the call only.
class json_rows {
public:
  virtual ~json_rows() = default;
  /// Forgets everything: the document is read again from its start.
  virtual void reset() = 0;
  /// A member outside of rows.
  virtual void member(std::string_view path) = 0;
  /// Whether the elements of the array at `path` are rows; else they come as values of that path.
  [[nodiscard]] virtual bool begin_list(std::string_view path) = 0;
  /// The next element of the list that began last. One that is no object is a draft with a fault.
  virtual void row(draft element, std::size_t line) = 0;
  /// A scalar outside of rows.
  virtual void value(std::string_view path, const json_item& value) = 0;
  /// What is wrong with the text outside of rows: a key that is given twice.
  virtual void twice(std::string_view path) = 0;
};

/// Reads the whole text. Errors as parse_draft has them.
[[nodiscard]] result<void> read_json_rows(std::string_view text, json_rows& into);

} // namespace headwater
