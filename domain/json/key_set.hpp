#pragma once

// Finds duplicate keys while a JSON text is read, with a scope for each open object. The few keys
// of a usual object are searched one by one; many keys go into an ordered set, so that no body
// makes this quadratic (in a hash set a client could choose colliding keys). One parse, one thread.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

namespace headwater {

class key_set {
public:
  void open() { scopes_.push_back({keys_.size(), nullptr}); }

  void close() {
    keys_.resize(scopes_.back().begin);
    scopes_.pop_back();
  }

  void clear() {
    keys_.clear();
    scopes_.clear();
  }

  /// True if the innermost object had the key before. The key's bytes must outlive the scope.
  [[nodiscard]] bool repeats(std::string_view key) {
    auto& scope = scopes_.back();
    if (scope.many)
      return !scope.many->insert(key).second;
    auto first = keys_.begin() + static_cast<std::ptrdiff_t>(scope.begin);
    if (std::find(first, keys_.end(), key) != keys_.end())
      return true;
    keys_.push_back(key);
    if (keys_.size() - scope.begin > few)
      scope.many = std::make_unique<std::set<std::string_view>>(
          keys_.begin() + static_cast<std::ptrdiff_t>(scope.begin), keys_.end());
    return false;
  }

private:
  static constexpr std::size_t few = 16;

  struct scope {
    std::size_t begin;
    std::unique_ptr<std::set<std::string_view>> many;
  };

  std::vector<std::string_view> keys_;
  std::vector<scope> scopes_;
};

} // namespace headwater
