#include "domain/accounts/api_token.hpp"

#include <algorithm>

namespace headwater::accounts {

bool account_list::contains(std::string_view account_id) const {
  return all || std::ranges::binary_search(ids, account_id);
}

bool account_list::is_subset_of(const account_list& other) const {
  return other.all || (!all && std::ranges::includes(other.ids, ids));
}

std::vector<std::string> account_list::names() const {
  return all ? std::vector<std::string>{"*"} : ids;
}

api_token_resource show(const api_token& token, micros now, std::optional<micros> last_used_at) {
  api_token_resource shown;
  shown.id = token.id;
  shown.name = token.name;
  if (const auto role = role_of(token.scopes))
    shown.role = std::string(to_string(*role));
  shown.scopes = token.scopes.names();
  shown.account_ids = token.accounts.names();
  shown.rate_limit = token.rate_limit;
  shown.allowed_origins = token.allowed_origins;
  shown.is_active = !token.revoked_at && (!token.expires_at || now < *token.expires_at);
  shown.expires_at = token.expires_at;
  shown.created_at = token.created_at;
  shown.revoked_at = token.revoked_at;
  shown.last_used_at = last_used_at;
  return shown;
}

std::string make_secret(const std::array<std::uint8_t, 32>& random) {
  constexpr std::string_view digits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr int length = 43; // 62^43 > 2^256
  auto number = random;
  std::string secret = "hw_";
  for (int i = 0; i < length; ++i) {
    unsigned remainder = 0;
    for (auto& byte : number) {
      const unsigned dividend = remainder * 256 + byte;
      byte = static_cast<std::uint8_t>(dividend / 62);
      remainder = dividend % 62;
    }
    secret.push_back(digits[remainder]);
  }
  return secret;
}

bool is_own_secret(std::string_view text) {
  return text.size() >= 24 && text.size() <= 512 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

digest hash_secret(std::string_view secret) {
  return sha256({secret});
}

} // namespace headwater::accounts
