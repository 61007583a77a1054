// Implements the stream gate of gate.hpp: who may read a stream of the log, and who gets proofs.

#include "actors/views/projections.hpp"
#include "domain/core/try.hpp"
#include "domain/core/ulid.hpp"
#include "http/application.hpp"
#include "http/gate/gate_steps.hpp"

namespace headwater::http {

namespace {

bool is_erased(const exchange& x, const std::string& account_id) {
  return x.app().service.parts().erasures->contains(account_id);
}

error denied(const std::string& account_id) {
  return {errc::forbidden, "Access denied to account: " + account_id};
}

error no_connection() {
  return {errc::not_found, "Connection not found"};
}

awaitable<result<void>> enter_account(exchange& x, stream_use use, const std::string& account_id,
                                      entered_stream& to) {
  to.name = actors::account_stream(account_id);
  to.account_id = account_id;
  if (is_erased(x, account_id)) {
    if (use == stream_use::proofs) {
      if (!accounts::may_see(to.who->token, account_id))
        co_return denied(account_id);
      co_return result<void>{};
    }
    // What is left of an erased account is only for those who audit the whole log.
    to.is_erased = accounts::is_service_admin(to.who->token);
  }
  if (!to.is_erased)
    CO_CHECK(co_await enter_known_account(x, to.who, account_id));
  co_return result<void>{};
}

/// Another customer's connection looks the same as one that does not exist.
awaitable<result<void>> enter_connection(exchange& x, stream_use use,
                                         const std::string& connection_id, entered_stream& to) {
  to.name = actors::connection_stream(parse_ulid(connection_id).value_or(std::string{}));
  if (use == stream_use::proofs) {
    CO_TRY(const bool may, co_await may_prove(x, to.who, to.name));
    if (!may)
      co_return no_connection();
    co_return result<void>{};
  }
  CO_TRY(auto owner, co_await owner_of_connection(x, connection_id));
  const bool is_known = !owner.empty() && accounts::may_see(to.who->token, owner) &&
                        !is_erased(x, owner) && (to.account_id.empty() || owner == to.account_id);
  if (!is_known)
    co_return no_connection();
  x.entered_account = owner;
  to.account_id = std::move(owner);
  co_return result<void>{};
}

} // namespace

stream_input read_gate(const stream_gate& gate, request_check& check) {
  stream_input out;
  out.account_id = check.text("account_id");
  out.connection_id = check.text("connection_id");
  out.is_system = !check.choice("stream", {actors::system_stream}, "").empty();
  const bool names_other = out.account_id || out.connection_id;
  if (!names_other && (out.is_system || gate.use == stream_use::events)) {
    check.require(accounts::scope::admin);
    check.require_operator();
  }
  // Proofs want exactly one name, which their handler's input checks.
  if (out.is_system && names_other && gate.use == stream_use::events)
    check.add({{"query", "stream"},
               "The system stream is nobody's: leave account_id and connection_id",
               "value_error"});
  return out;
}

awaitable<result<entered_stream>> enter(exchange& x, const stream_gate& gate, actors::token_ptr who,
                                        stream_input in) {
  entered_stream out;
  out.who = std::move(who);
  if (in.is_system)
    out.name = actors::system_stream;
  if (in.account_id)
    CO_CHECK(co_await enter_account(x, gate.use, *in.account_id, out));
  if (in.connection_id)
    CO_CHECK(co_await enter_connection(x, gate.use, *in.connection_id, out));
  co_return std::move(out);
}

awaitable<result<bool>> may_prove(exchange& x, actors::token_ptr who, std::string_view stream) {
  const auto& token = who->token;
  const auto account_prefix = actors::account_stream({});
  const auto connection_prefix = actors::connection_stream({});
  if (stream.starts_with(account_prefix))
    co_return accounts::may_see(token, stream.substr(account_prefix.size()));
  if (!stream.starts_with(connection_prefix))
    co_return accounts::is_service_admin(token);
  // Only tokens for all accounts may ask for what does not exist.
  if (token.accounts.all)
    co_return true;
  std::string id(stream.substr(connection_prefix.size()));
  CO_TRY(const auto owner, co_await owner_of_connection(x, std::move(id)));
  co_return !owner.empty() && accounts::may_see(token, owner);
}

} // namespace headwater::http
