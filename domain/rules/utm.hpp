#pragma once

// The five UTM values that attribute a visit. A pure value.

#include <string>

namespace headwater::attribution {

/// Absent ones are empty.
struct utm_values {
  std::string source;
  std::string medium;
  std::string campaign;
  std::string term;
  std::string content;

  [[nodiscard]] bool empty() const {
    return source.empty() && medium.empty() && campaign.empty() && term.empty() && content.empty();
  }
  bool operator==(const utm_values&) const = default;
};

} // namespace headwater::attribution
