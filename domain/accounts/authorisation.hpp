#pragma once

// Who may do what. Pure: the caller passes the token and the time.

#include "domain/accounts/api_token.hpp"
#include "domain/core/error.hpp"

#include <string>
#include <string_view>

namespace headwater::accounts {

/// errc::unauthorized for a revoked token ("Invalid API key") or an expired one ("API key has
/// expired").
[[nodiscard]] result<void> check_usable(const api_token& token, micros now);

/// errc::forbidden "Required scope: write".
[[nodiscard]] result<void> check_scope(const api_token& token, scope needed);

/// errc::forbidden for a page that may not send the token; nothing, from clients that are no
/// browsers, passes. `origin` is the Origin header.
[[nodiscard]] result<void> check_origin(const api_token& token,
                                        std::optional<std::string_view> origin);

/// Whether the token may do nothing but resolve visits, as those that stand in pages: whoever reads
/// such a page has it.
[[nodiscard]] bool stands_in_pages(const api_token& token);

[[nodiscard]] bool has_scope(const api_token& token, scope needed);

/// Whether the token may know about the account at all.
[[nodiscard]] bool may_see(const api_token& token, std::string_view account_id);

/// errc::forbidden "Access denied to account: acme" for an account that the token is not for,
/// whether it exists or not; errc::account_not_found for one that does not exist, if the token is
/// for all accounts.
[[nodiscard]] result<void> check_account(const api_token& token, std::string_view account_id,
                                         bool exists);

/// The answer about an erased account: errc::account_erased if the token is for all accounts, else
/// the same errc::forbidden as for any other account.
[[nodiscard]] error erased_to(const api_token& token, std::string_view account_id);

/// Whether this is an admin token for all accounts: it may create accounts, read the system stream
/// and so on.
[[nodiscard]] bool is_service_admin(const api_token& token);

/// Whether `who` may see and revoke `other`, whose accounts must be a subset of its own.
[[nodiscard]] bool may_see_token(const api_token& who, const api_token& other);

/// The name of the token for those who may read what it has done. All who may read an account see
/// the names of its tokens, but "operator" is all that they see of one for all accounts, unless
/// they may see that: `sees_operators`. A token of some accounts never reads as the operator's.
[[nodiscard]] std::string name_shown(const api_token& token, bool sees_operators);

/// Whether the name could be taken for what others see of a token for all accounts, "operator":
/// also with letters of other scripts that look like its own, with invisible ones, or written
/// backwards.
[[nodiscard]] bool reads_as_operator(std::string_view name);

/// errc::forbidden if the requested accounts or scopes go beyond those of the creator.
[[nodiscard]] result<void> check_grant(const api_token& creator, scope_set scopes,
                                       const account_list& accounts);

/// The limit of requests that a token of these scopes gets if its creator asks for `wanted`:
/// absent, that of a creator that has one. errc::validation_error if it is more than the creator
/// may send itself, whose limit is `by_default` (a minute; 0: any number) unless it has its own.
/// Visits have no limit by default, so a token that only resolves gets whatever is asked.
[[nodiscard]] result<std::optional<std::int64_t>> check_rate(const api_token& creator,
                                                             scope_set scopes,
                                                             std::optional<std::int64_t> wanted,
                                                             std::int64_t by_default);

} // namespace headwater::accounts
