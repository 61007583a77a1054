#include "domain/accounts/authorisation.hpp"

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"

#include <algorithm>
#include <utility>

namespace headwater::accounts {
namespace {

error denied(std::string_view account_id) {
  return {errc::forbidden, "Access denied to account: " + std::string(account_id)};
}

constexpr std::string_view operator_name = "operator";
const scope_set only_resolving{scope::resolve};

constexpr char other_letter = '\x01';

/// The alphabets that Unicode has once more: full width, circled, and those of mathematics (bold,
/// sans-serif and so on, of 52 letters each).
struct alphabet {
  char32_t first;
  char32_t last;
  unsigned letters; ///< in a row, which begins again after them: 26, or 52 with capitals first
};
constexpr alphabet alphabets[] = {{U'\uFF21', U'\uFF3A', 26},
                                  {U'\uFF41', U'\uFF5A', 26},
                                  {U'\u24B6', U'\u24CF', 26},
                                  {U'\u24D0', U'\u24E9', 26},
                                  {U'\U0001D400', U'\U0001D6A3', 52}};

/// Letters of other scripts, and small capitals, that look like one of "operator".
constexpr std::pair<std::u32string_view, char> twins[] = {
    {U"\u043E\u041E\u03BF\u039F\u0585\u1D0F\u0B20", 'o'},
    {U"\u0440\u0420\u03C1\u03A1\u1D18", 'p'},
    {U"\u0435\u0415\u0395\u03B5\u1D07", 'e'},
    {U"\u0433\u1D26\u0280\u027E", 'r'},
    {U"\u0430\u0410\u03B1\u0391\u1D00\u0251", 'a'},
    {U"\u0442\u0422\u03C4\u03A4\u1D1B", 't'}};

/// A character as an eye takes it: an ASCII letter in lower case, or one sign for any other, which
/// may look like some letter ("\u00F6" like "o") or like nothing (U+200B).
char looked_at(char32_t c) {
  if (c < 0x80)
    return c == U'0' ? 'o' : static_cast<char>(c);
  for (const auto& each : alphabets)
    if (c >= each.first && c <= each.last)
      return static_cast<char>('a' + (c - each.first) % each.letters % 26);
  for (const auto& [those, as] : twins)
    if (those.find(c) != those.npos)
      return as;
  return other_letter;
}

std::string looked_at(std::string_view name) {
  std::string out;
  char32_t read = 0;
  for (const char c : ascii_lower(name)) {
    const auto byte = static_cast<unsigned char>(c);
    if (starts_code_point(c)) {
      const auto of_size = byte < 0x80 ? 0x7F : byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07;
      read = byte & static_cast<unsigned>(of_size);
      out.push_back(looked_at(read));
    } else if (!out.empty()) {
      read = read << 6U | (byte & 0x3FU);
      out.back() = looked_at(read);
    }
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
