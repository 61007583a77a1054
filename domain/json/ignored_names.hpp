#pragma once

// The unknown members of a body, by the names that `meta.ignored_fields` shows. One request, one
// thread.

#include "domain/core/error.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace headwater {

/// Keeps each name once, in the order of the body, and at most max_told_faults of them, so that no
/// body causes a long answer. Shorten a client's key first (quoted_key).
class ignored_names {
public:
  void add(std::string name);

  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }

private:
  std::vector<std::string> names_;
  std::set<std::string, std::less<>> known_;
};

/// "Prefer: handling=strict": adds a fault for each name, up to max_told_faults of all faults.
void refuse_unknown(const std::vector<std::string>& names, std::vector<fault>& faults);

} // namespace headwater
