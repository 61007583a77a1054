#include "actors/views/principal_names.hpp"

#include "domain/accounts/authorisation.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"

#include <charconv>

namespace headwater::actors {
namespace {

/// Names may have a kilobyte.
constexpr std::size_t most_known_names = 1'000;

} // namespace

result<std::optional<std::string>> principal_names::read(const std::string& principal) const {
  std::int64_t id = 0;
  const auto* end = principal.data() + principal.size();
  const auto [stopped, failed] = std::from_chars(principal.data(), end, id);
  if (failed != std::errc{} || stopped != end || id < 0)
    return std::optional<std::string>{};
  if (id == 0) {
    accounts::api_token installation;
    installation.name = "installation";
    installation.accounts.all = true;
    return std::optional{accounts::name_shown(installation, sees_operators_)};
  }
  TRY(const auto record, tables_.get(store::table::directory, accounts::token_key(id)));
  if (!record)
    return std::optional<std::string>{};
  TRY(const auto token, accounts::decode_token(*record));
  return std::optional{accounts::name_shown(token, sees_operators_)};
}

result<std::optional<std::string>> principal_names::of(const std::string& principal) {
  if (const auto known = known_.find(principal); known != known_.end())
    return known->second;
  TRY(auto name, read(principal));
  if (known_.size() >= most_known_names)
    known_.clear();
  known_.emplace(principal, name);
  return name;
}

} // namespace headwater::actors
