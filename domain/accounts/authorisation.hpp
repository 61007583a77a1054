#pragma once

// Who may do what. Pure: the caller brings the token and the time.

#include "domain/accounts/api_token.hpp"
#include "domain/core/error.hpp"

#include <string_view>

namespace headwater::accounts {

/// errc::unauthorized for a revoked token ("Invalid API key") or one past its time ("API key has
/// expired").
[[nodiscard]] result<void> check_usable(const api_token& token, micros now);

/// errc::forbidden "Required scope: write".
[[nodiscard]] result<void> check_scope(const api_token& token, scope needed);

[[nodiscard]] bool has_scope(const api_token& token, scope needed);

/// Whether the token may know of the account at all.
[[nodiscard]] bool may_see(const api_token& token, std::string_view account_id);

/// errc::forbidden "Access denied to account: acme" for an account that is not the token's, whether
/// it exists or not; errc::account_not_found for one that does not exist, if the token sees all.
[[nodiscard]] result<void> check_account(const api_token& token, std::string_view account_id,
                                         bool exists);

/// What a token is told of an account that was erased: errc::account_erased if it sees all, else
/// the same errc::forbidden as of any other.
[[nodiscard]] error erased_to(const api_token& token, std::string_view account_id);

/// Admin of every account: may create accounts, read the system stream and the like.
[[nodiscard]] bool is_service_admin(const api_token& token);

/// Whether `who` may see and revoke `other`: its accounts are a subset of who's.
[[nodiscard]] bool may_see_token(const api_token& who, const api_token& other);

/// errc::forbidden where the request's accounts or scopes go beyond those of the creator.
[[nodiscard]] result<void> check_grant(const api_token& creator, scope_set scopes,
                                       const account_list& accounts);

} // namespace headwater::accounts
