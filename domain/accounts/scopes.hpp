#pragma once

// Roles and scopes of API tokens (docs/api.md, "Who may what"). Pure values.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::accounts {

enum class scope : std::uint8_t { resolve = 1, read, write, admin };

[[nodiscard]] std::string_view to_string(scope what);
[[nodiscard]] std::optional<scope> parse_scope(std::string_view text);

/// A set of scopes in one byte.
class scope_set {
public:
  scope_set() = default;
  scope_set(std::initializer_list<scope> scopes) {
    for (auto each : scopes)
      add(each);
  }

  void add(scope what) { bits_ |= bit(what); }
  [[nodiscard]] bool has(scope what) const { return (bits_ & bit(what)) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  [[nodiscard]] bool is_subset_of(scope_set other) const { return (bits_ & ~other.bits_) == 0; }
  /// Their names in the order of the enumeration.
  [[nodiscard]] std::vector<std::string> names() const;
  bool operator==(const scope_set&) const = default;

private:
  [[nodiscard]] static std::uint8_t bit(scope what) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(what));
  }
  std::uint8_t bits_ = 0;
};

enum class role : std::uint8_t { tracker = 1, viewer, editor, admin };

[[nodiscard]] std::string_view to_string(role what);
/// The second argument selects the enumeration.
[[nodiscard]] std::optional<role> parse_choice(std::string_view text, role);

[[nodiscard]] scope_set scopes_of(role what);

/// The role with exactly these scopes, if there is one.
[[nodiscard]] std::optional<role> role_of(scope_set scopes);

} // namespace headwater::accounts
