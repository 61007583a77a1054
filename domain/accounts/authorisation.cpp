#include "domain/accounts/authorisation.hpp"

#include "domain/core/text.hpp"

#include <algorithm>

namespace headwater::accounts {
namespace {

error denied(std::string_view account_id) {
  return {errc::forbidden, "Access denied to account: " + std::string(account_id)};
}

constexpr std::string_view operator_name = "operator";
const scope_set only_resolving{scope::resolve};

constexpr char other_letter = '\x01';

/// Letters as an eye takes them: ASCII in lower case, and one sign for any other character, which
/// may look like some letter ("\u043e" like "o") or like nothing (U+200B).
std::string looked_at(std::string_view name) {
  std::string out;
  for (const char c : ascii_lower(name)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out.push_back(c == '0' ? 'o' : c);
    else if (byte >= 0xc0) // the first byte of a character
      out.push_back(other_letter);
  }
  return out;
}

/// Whether the letters are those of the word, each other letter being one of them or none.
bool could_be(const std::string& letters, std::string_view word) {
  std::uint32_t ends = 1; // bit n: the first n letters of the word have been read
  for (const char c : letters) {
    std::uint32_t next = c == other_letter ? ends | ends << 1U : 0;
    for (std::size_t at = 0; at < word.size(); ++at)
      if (word[at] == c && (ends >> at & 1U) != 0)
        next |= std::uint32_t{2} << at;
    ends = next;
  }
  return (ends >> word.size() & 1U) != 0;
}

error lacking(std::string_view scope) {
  return {errc::forbidden, "Required scope: " + std::string(scope)};
}

} // namespace

result<void> check_usable(const api_token& token, micros now) {
  if (token.revoked_at)
    return error(errc::unauthorized, "Invalid API key");
  if (token.expires_at && now >= *token.expires_at)
    return error(errc::unauthorized, "API key has expired");
  return boost::system::in_place_value;
}

bool has_scope(const api_token& token, scope needed) {
  return token.scopes.has(needed);
}

result<void> check_scope(const api_token& token, scope needed) {
  if (!has_scope(token, needed))
    return lacking(to_string(needed));
  return boost::system::in_place_value;
}

result<void> check_origin(const api_token& token, std::optional<std::string_view> origin) {
  if (!token.allowed_origins || !origin ||
      std::ranges::find(*token.allowed_origins, *origin) != token.allowed_origins->end())
    return boost::system::in_place_value;
  return error(errc::forbidden, "Origin not allowed for this token");
}

bool may_see(const api_token& token, std::string_view account_id) {
  return token.accounts.contains(account_id);
}

result<void> check_account(const api_token& token, std::string_view account_id, bool exists) {
  if (!may_see(token, account_id))
    return denied(account_id);
  // A token that names an account cannot find out whether that account is gone or never existed.
  if (!exists && !token.accounts.all)
    return denied(account_id);
  if (!exists)
    return error(errc::account_not_found, "There is no account " + std::string(account_id));
  return boost::system::in_place_value;
}

error erased_to(const api_token& token, std::string_view account_id) {
  if (!token.accounts.all)
    return denied(account_id);
  return {errc::account_erased, "Account " + std::string(account_id) + " was erased"};
}

bool stands_in_pages(const api_token& token) {
  return token.scopes == only_resolving;
}

bool is_service_admin(const api_token& token) {
  return token.accounts.all && has_scope(token, scope::admin);
}

bool may_see_token(const api_token& who, const api_token& other) {
  return other.accounts.is_subset_of(who.accounts);
}

std::string name_shown(const api_token& token, bool sees_operators) {
  if (token.accounts.all)
    return sees_operators ? token.name : std::string(operator_name);
  // Such a name is refused now.
  if (reads_as_operator(token.name))
    return token.name + " (token " + std::to_string(token.id) + ")";
  return token.name;
}

bool reads_as_operator(std::string_view name) {
  const auto letters = looked_at(trimmed(name));
  if (std::ranges::count_if(letters, [](char c) { return c != other_letter; }) < 3)
    return false; // of another script, where each letter could be any
  return could_be(letters, operator_name) ||
         could_be({letters.rbegin(), letters.rend()}, operator_name); // with U+202E before it
}

result<void> check_grant(const api_token& creator, scope_set scopes, const account_list& accounts) {
  for (const auto& name : scopes.names())
    if (!has_scope(creator, parse_scope(name).value()))
      return lacking(name);
  if (accounts.is_subset_of(creator.accounts))
    return boost::system::in_place_value;
  for (const auto& id : accounts.ids)
    if (!creator.accounts.contains(id))
      return denied(id);
  return denied("*");
}

result<std::optional<std::int64_t>> check_rate(const api_token& creator, scope_set scopes,
                                               std::optional<std::int64_t> wanted,
                                               std::int64_t by_default) {
  const auto& own = creator.rate_limit;
  if (creator.accounts.all || (!own && scopes == only_resolving))
    return wanted;
  const auto most = own.value_or(by_default);
  if (most == 0)
    return wanted;
  if (!wanted)
    return own;
  if (*wanted > 0 && *wanted <= most)
    return wanted;
  return validation_failure({{body_path("rate_limit"),
                              "Input should be from 1 to " + std::to_string(most) +
                                  ": no more than the token that asks may send itself",
                              "value_error"}});
}

} // namespace headwater::accounts
