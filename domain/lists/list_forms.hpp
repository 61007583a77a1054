#pragma once

// The forms that files of lists have, read line by line. Strict: a line that is not of the form is
// an error, which names file and line. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/lists/shipped_lists.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater::attribution {

/// An entry under its name. Views into the file's text.
struct named_entry {
  std::string_view name;
  std::string_view entry;
  std::size_t line = 0;
};

/// The members of `- {entry: "x", since: 2026-11-24, why: "y"}`.
struct list_record {
  std::vector<std::pair<std::string_view, std::string_view>> members;
  std::size_t line = 0;

  /// Empty if there is none.
  [[nodiscard]] std::string_view get(std::string_view member) const;
};

/// "file:line: why".
[[nodiscard]] error list_error(const list_file& of, std::size_t line, std::string_view why);

/// One host a line.
[[nodiscard]] result<std::vector<named_entry>> read_hosts(const list_file& of);

/// "Name:", and below it "  - entry" or a record with entry, since and why.
[[nodiscard]] result<std::vector<named_entry>> read_groups(const list_file& of);

/// Matomo's SearchEngines.yml: below a name the lists urls, params and others, of which urls count.
[[nodiscard]] result<std::vector<named_entry>> read_engines(const list_file& of);

/// Records, one a line.
[[nodiscard]] result<std::vector<list_record>> read_records(const list_file& of);

/// "Name:", and below it "  member: value"; a record for each name, with the name as its "file".
[[nodiscard]] result<std::vector<list_record>> read_members(const list_file& of);

} // namespace headwater::attribution
