#pragma once

// The checks between a request and its handler: token, scope, account or brand, connection or
// stream. Each route names its gate (route.hpp). The handler only runs if all checks pass; it then
// gets what they found, such as the account.
//
// The first check that fails answers, in this order: token 401, or 429 if too
// many of those came from the address; its rate limit 429; origin and scope 403; preconditions that
// cannot be read 400; path and query 422; account or brand 403 and 404; erased account 410;
// connection 404.

#include "actors/protocol/interfaces.hpp"
#include "domain/accounts/authorisation.hpp"
#include "http/gate/request_check.hpp"
#include "http/server/exchange.hpp"
#include "http/server/router.hpp"

#include <optional>
#include <string>

namespace headwater::http {

/// What a handler gets from its gate: here a valid token with the route's scope.
struct entered_token {
  actors::token_ptr who;
};

/// An account that the token may use. Its rules need not be in memory.
struct known_account {
  actors::token_ptr who;
  std::string account_id;
};

/// The same with its rules in memory.
struct entered_account {
  actors::token_ptr who;
  actors::loaded_account_ptr loaded;
};

/// A brand of one of the token's accounts.
struct entered_brand {
  actors::token_ptr who;
  std::int64_t brand_id = 0;
  std::string owner; ///< the brand's account
};

/// A connection of the brand.
struct entered_connection {
  actors::token_ptr who;
  std::int64_t brand_id = 0;
  std::string owner;
  actors::connection_ptr connection;
};

/// A stream of the log.
struct entered_stream {
  actors::token_ptr who;
  std::string name;       ///< "account/acme"; empty: the request named none
  std::string account_id; ///< the owner, where the gate looked it up; else empty
  bool is_erased = false; ///< only what is left of an erased account may be shown
};

/// What a gate reads from path and query, before the handler's own input is read. Faults go to the
/// request_check.
struct gate_input {
  std::string account_id;
  std::int64_t brand_id = 0;
};

/// The same for a stream.
struct stream_input {
  std::optional<std::string> account_id;
  std::optional<std::string> connection_id;
  bool is_system = false;
};

/// Where a request names its account.
enum class account_in : std::uint8_t { query = 1, path };

// The gates that a route may name.

/// No token needed.
struct open_gate {
  struct entered {};
  static constexpr access needed = access::anyone;
};

/// No token needed, but on a listener for clients beside one for operators: there that of an admin
/// of all accounts.
struct monitoring_gate {
  struct entered {};
  static constexpr access needed = access::anyone;
};

/// Any valid token, whatever its accounts.
struct token_gate {
  using entered = entered_token;
  access needed;
};

/// A token for all accounts.
struct operators_gate {
  using entered = entered_token;
  static constexpr access needed = access::admin;
};

struct known_account_gate {
  using entered = known_account;
  access needed;
  account_in where;
};

struct account_gate {
  using entered = entered_account;
  access needed;
  account_in where;
};

struct brand_gate {
  using entered = entered_brand;
  access needed;
};

struct connection_gate {
  using entered = entered_connection;
  access needed;
};

/// What a stream is entered for. The system stream is always for admins of all accounts.
///
///                      events                      proofs
///   no stream named    the whole log, for admins   a position: the handler calls may_prove() once
///                      of all accounts             it knows the stream
///   erased account     what is left of it, for     whoever may see the account
///                      admins of all accounts
///   connection that    404                         404, but tokens for all accounts may ask and
///   does not exist                                 get the answer of the log
enum class stream_use : std::uint8_t { events = 1, proofs };

/// The stream that ?account_id=, ?connection_id= or ?stream=system names.
struct stream_gate {
  using entered = entered_stream;
  access needed;
  stream_use use;
};

inline constexpr open_gate anyone{};
inline constexpr monitoring_gate monitoring{};
inline constexpr operators_gate operators{};
[[nodiscard]] constexpr token_gate token(access needed) {
  return {needed};
}
/// `where` is ?account_id=, or the path's first parameter.
[[nodiscard]] constexpr account_gate account(access needed, account_in where = account_in::query) {
  return {needed, where};
}
[[nodiscard]] constexpr known_account_gate known(access needed) {
  return {needed, account_in::path};
}
[[nodiscard]] constexpr brand_gate brand(access needed) {
  return {needed};
}
[[nodiscard]] constexpr connection_gate connection(access needed) {
  return {needed};
}
[[nodiscard]] constexpr stream_gate stream(access needed, stream_use use) {
  return {needed, use};
}

// Passing a gate.

/// The caller's token, if it is valid, within its rate limit, and has the scope.
[[nodiscard]] awaitable<result<actors::token_ptr>> authorise(exchange& x, access needed);
/// The same without waiting; nothing if an actor has to be asked for the token.
[[nodiscard]] std::optional<result<actors::token_ptr>> authorise_at_once(exchange& x,
                                                                         access needed);

[[nodiscard]] gate_input read_gate(const auto&, request_check&) {
  return {};
}
[[nodiscard]] gate_input read_gate(const known_account_gate& gate, request_check& check);
[[nodiscard]] gate_input read_gate(const account_gate& gate, request_check& check);
[[nodiscard]] gate_input read_gate(const brand_gate& gate, request_check& check);
[[nodiscard]] gate_input read_gate(const connection_gate& gate, request_check& check);
[[nodiscard]] stream_input read_gate(const stream_gate& gate, request_check& check);

[[nodiscard]] awaitable<result<entered_token>> enter(exchange& x, const token_gate& gate,
                                                     actors::token_ptr who, gate_input in);
[[nodiscard]] awaitable<result<entered_token>> enter(exchange& x, const operators_gate& gate,
                                                     actors::token_ptr who, gate_input in);
[[nodiscard]] awaitable<result<known_account>> enter(exchange& x, const known_account_gate& gate,
                                                     actors::token_ptr who, gate_input in);
[[nodiscard]] awaitable<result<entered_account>> enter(exchange& x, const account_gate& gate,
                                                       actors::token_ptr who, gate_input in);
[[nodiscard]] awaitable<result<entered_brand>> enter(exchange& x, const brand_gate& gate,
                                                     actors::token_ptr who, gate_input in);
[[nodiscard]] awaitable<result<entered_connection>> enter(exchange& x, const connection_gate& gate,
                                                          actors::token_ptr who, gate_input in);
[[nodiscard]] awaitable<result<entered_stream>> enter(exchange& x, const stream_gate& gate,
                                                      actors::token_ptr who, stream_input in);

/// What enter() gives, without waiting; nothing if enter() has to be called.
template <class Gate>
[[nodiscard]] std::optional<typename Gate::entered>
enter_at_once(exchange&, const Gate&, const actors::token_ptr&, const auto&) {
  return std::nullopt;
}
[[nodiscard]] std::optional<entered_account> enter_at_once(exchange& x, const account_gate& gate,
                                                           const actors::token_ptr& who,
                                                           const gate_input& in);

// After the gate.

/// Looks up the caller's token again, during a long answer: false once it is revoked or expired.
[[nodiscard]] awaitable<bool> is_still_usable(exchange& x);

/// Called once the body has arrived, possibly long after the gate: errc::unauthorized if the token
/// has been revoked, or has expired, in the meantime.
[[nodiscard]] result<void> still_valid(const exchange& x);

/// Why a long answer must end: the token was revoked or has expired, or the account that it entered
/// was erased.
[[nodiscard]] std::optional<error> lost_access(const exchange& x);

/// Passes a monitoring_gate.
[[nodiscard]] awaitable<result<void>> enter_monitoring(exchange& x);

/// errc::forbidden unless the token is for all accounts.
[[nodiscard]] result<void> check_operator(const actors::token_ptr& who);

/// Whether the token may get proofs of the stream's events. For a handler that was asked for a
/// position and has found out which stream it belongs to.
[[nodiscard]] awaitable<result<bool>> may_prove(exchange& x, actors::token_ptr who,
                                                std::string_view stream);

} // namespace headwater::http
