#include "domain/accounts/scopes.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace headwater::accounts {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 4> scope_names{"resolve", "read", "write", "admin"};
constexpr std::array<std::string_view, 4> role_names{"tracker", "viewer", "editor", "admin"};
constexpr std::array roles{role::tracker, role::viewer, role::editor, role::admin};

template <class Enum>
std::optional<Enum> named(std::span<const std::string_view> names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end())
    return std::nullopt;
  return static_cast<Enum>(found - names.begin() + 1);
}

} // namespace

std::string_view to_string(scope what) {
  return scope_names[static_cast<std::size_t>(what) - 1];
}

std::optional<scope> parse_scope(std::string_view text) {
  return named<scope>(scope_names, text);
}

std::vector<std::string> scope_set::names() const {
  std::vector<std::string> found;
  for (auto name : scope_names)
    if (has(*parse_scope(name)))
      found.emplace_back(name);
  return found;
}

std::string_view to_string(role what) {
  return role_names[static_cast<std::size_t>(what) - 1];
}

std::optional<role> parse_choice(std::string_view text, role) {
  return named<role>(role_names, text);
}

scope_set scopes_of(role what) {
  switch (what) {
  case role::tracker:
    return {scope::resolve};
  case role::viewer:
    return {scope::resolve, scope::read};
  case role::editor:
    return {scope::resolve, scope::read, scope::write};
  case role::admin:
    return {scope::resolve, scope::read, scope::write, scope::admin};
  }
  return {};
}

std::optional<role> role_of(scope_set scopes) {
  const auto* found = std::ranges::find(roles, scopes, scopes_of);
  return found == roles.end() ? std::nullopt : std::optional(*found);
}

} // namespace headwater::accounts
