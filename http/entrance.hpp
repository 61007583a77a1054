#pragma once

// What stands between a request and its resource: authentication, scope, account or brand. Each
// function answers the request itself where it fails, and then gives null.
//
// Order (DESIGN, "The first failing check answers"): 401; 403 scope; path and query 422; account or
// brand 403 and 404.

#include "actors/interfaces.hpp"
#include "http/exchange.hpp"
#include "http/request_check.hpp"

#include <optional>
#include <string>

namespace headwater::http {

/// The caller's token, if it is valid and has the route's scope.
[[nodiscard]] awaitable<actors::token_ptr> authorise(exchange& x);

/// Looks the caller's token up anew, for an answer that lasts: false once it is revoked or expired.
[[nodiscard]] awaitable<bool> is_still_usable(exchange& x);

/// Whether `check` found nothing, the account exists and the token may use it. It need not load,
/// so that the events of an account that cannot be replayed can be read.
[[nodiscard]] awaitable<bool> may_enter_account(exchange& x, actors::token_ptr who,
                                                std::string account_id, request_check& check);

/// The account's slot, loaded, if `check` found nothing and the token may use the account.
[[nodiscard]] awaitable<actors::slot_ptr>
enter_account(exchange& x, actors::token_ptr who, std::string account_id, request_check& check);

/// The brand's account, if `check` found nothing and the account is one of the token's; else empty.
[[nodiscard]] awaitable<std::string> enter_brand(exchange& x, actors::token_ptr who,
                                                 std::int64_t brand_id, request_check& check);

/// Asked once the body is there, which may be long after authorise(): answers 401 where the token
/// was revoked meanwhile.
[[nodiscard]] bool still_valid(exchange& x);

/// Why an answer that lasts must end: the token was revoked, or the account that it entered erased.
[[nodiscard]] std::optional<error> lost_access(const exchange& x);

/// Answers 422 where `check` found faults.
[[nodiscard]] bool passes(exchange& x, request_check& check);

/// A token for all accounts, or 403.
[[nodiscard]] bool is_service_admin(exchange& x, const actors::token_ptr& who);

/// What an idempotency fingerprint has before the body: the method, the canonical path, which a
/// retry may spell otherwise, and the query as sent.
[[nodiscard]] std::string request_line(const exchange& x);

/// What the log notes of a change. `key` with the body makes the idempotency fingerprint.
[[nodiscard]] actors::origin origin_of(const exchange& x, const actors::token_ptr& who,
                                       const std::optional<std::string>& key,
                                       std::string_view body);

/// The body, if it is JSON by its media type and at most `limit` long.
[[nodiscard]] awaitable<std::optional<std::string_view>> json_text(exchange& x, std::size_t limit);

/// errc::bad_request where the text is nested deeper than the setting allows.
[[nodiscard]] result<void> check_depth(std::string_view json, const settings& limits);

/// The same as an object's members.
struct json_body {
  std::string_view text;
  draft members;
};
[[nodiscard]] awaitable<std::optional<json_body>> json_object(exchange& x, std::size_t limit);

/// "application/json", "application/*+json" or nothing at all.
[[nodiscard]] bool is_json(std::string_view media_type);

/// {"as_of":{...},"ignored_fields":[...]}, each where there is one, or nothing at all.
[[nodiscard]] std::string ignored_meta(const std::vector<std::string>& names,
                                       std::string_view as_of = {});

} // namespace headwater::http
