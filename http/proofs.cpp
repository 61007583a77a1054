// /checkpoints and /proofs: signed statements about the whole log, and what binds an event to them.
// Readers look things up; here are parameters, who may ask, and the answers.

#include "domain/accounts/authorisation.hpp"
#include "domain/core/canonical_json.hpp"
#include "domain/core/ulid.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t usual_checkpoints = 100;
constexpr std::int64_t most_checkpoints = 1'000;
constexpr std::string_view account_prefix = "account/";
constexpr std::string_view connection_prefix = "connection/";
constexpr std::string_view system_stream = "system";

template <class Reply, class Message>
awaitable<Reply> ask_reader(exchange& x, Message message) {
  co_return co_await ask<Reply>(x, x.app().service.readers().next(), intent::read,
                                std::move(message));
}

std::string as_json(const store::stored_checkpoint& one) {
  canonical_writer out;
  out.begin_object().member("note", one.note).member("origin", one.says.origin);
  out.member("root", to_hex(one.says.root));
  out.member("size", static_cast<std::int64_t>(one.says.size)).end_object();
  return std::move(out).str();
}

awaitable<void> list_checkpoints(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  actors::list_checkpoints wanted;
  wanted.limit = static_cast<std::size_t>(
      check.integer("limit", 1, most_checkpoints).value_or(usual_checkpoints));
  wanted.offset = static_cast<std::uint64_t>(check.integer("offset", 0).value_or(0));
  if (!passes(x, check))
    co_return;
  const auto found = co_await ask_reader<actors::checkpoints_reply>(x, wanted);
  if (found.has_error()) {
    x.fail(found.error());
    co_return;
  }
  std::string data = R"({"checkpoints":[)";
  for (const auto& one : found->checkpoints)
    data.append(&one == found->checkpoints.data() ? "" : ",").append(as_json(one));
  x.success(data.append(R"(],"has_more":)").append(found->has_more ? "true}" : "false}"));
}

/// Answers the note itself.
awaitable<void> show_note(exchange& x, actors::find_checkpoint wanted) {
  auto found = co_await ask_reader<actors::checkpoint_reply>(x, wanted);
  if (found.has_error()) {
    x.fail(found.error());
    co_return;
  }
  x.out.body = std::move(found->note);
  x.plain(200, "text/plain; charset=utf-8");
}

awaitable<void> latest_checkpoint(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  actors::find_checkpoint wanted;
  co_await show_note(x, wanted);
}

awaitable<void> get_checkpoint(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  const auto size = check.id(0, "size");
  if (!passes(x, check))
    co_return;
  actors::find_checkpoint wanted;
  // No checkpoint covers nothing, so 0 is one that is not there.
  wanted.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
  co_await show_note(x, wanted);
}

awaitable<void> get_checkpoint_key(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  const auto& key = x.app().service.parts().key;
  if (!key) {
    x.fail(error{errc::not_found, "There is no signing key: checkpoints are off"});
    co_return;
  }
  canonical_writer out;
  out.begin_object().member("origin", key->origin());
  out.member("verifier_key", key->verifier.to_string()).end_object();
  x.success(out.view());
}

/// The stream or position that an inclusion is asked for, checked as far as the query tells.
actors::inclusion_request read_inclusion(const exchange& x, request_check& check) {
  actors::inclusion_request out;
  const auto account = x.parameters.find("account_id");
  const auto connection = x.parameters.find("connection_id");
  const auto stream = x.parameters.find("stream");
  const auto position = check.integer("position", 1);
  const auto sequence = check.integer("sequence", 1);
  if (const auto size = check.integer("checkpoint", 1))
    out.size = static_cast<std::uint64_t>(*size);
  const int named =
      int{account.has_value()} + int{connection.has_value()} + int{stream.has_value()};
  if (named + int{x.parameters.find("position").has_value()} != 1)
    check.add({{"query"},
               "Exactly one of account_id, connection_id, stream and position is required",
               "value_error"});
  if (named > 0 && !x.parameters.find("sequence"))
    check.add({{"query", "sequence"}, "Field required", "missing"});
  if (named == 0 && x.parameters.find("position") && x.parameters.find("sequence"))
    check.add(
        {{"query", "sequence"}, "A position needs no sequence: leave one of them", "value_error"});
  if (stream && *stream != system_stream)
    check.add({{"query", "stream"}, "Input should be 'system'", "enum"});
  if (account)
    out.stream = std::string{account_prefix}.append(*account);
  if (connection)
    out.stream =
        std::string{connection_prefix}.append(parse_ulid(*connection).value_or(std::string{}));
  if (stream)
    out.stream = *stream;
  out.position = static_cast<std::uint64_t>(position.value_or(0));
  out.sequence = static_cast<std::uint64_t>(sequence.value_or(0));
  return out;
}

/// The account whose rights a connection's stream has; empty where there is none.
awaitable<result<std::string>> owner_of_connection(exchange& x, std::string_view connection_id) {
  const auto id = parse_ulid(connection_id);
  if (!id)
    co_return std::string{};
  actors::find_connection wanted{*id};
  const auto found = co_await ask_reader<actors::found_connection>(x, std::move(wanted));
  if (found.has_error())
    co_return found.error();
  if (!*found)
    co_return std::string{};
  actors::find_brand brand{(*found)->identity.brand_id};
  const auto owner = co_await ask_reader<actors::brand_reply>(x, brand);
  if (owner.has_error())
    co_return owner.error();
  co_return *owner ? **owner : std::string{};
}

/// Whether the token may read the stream. What is not there may be asked for by those who see all.
awaitable<result<bool>> may_read(exchange& x, actors::token_ptr who, std::string_view stream) {
  const auto& token = who->token;
  if (stream == system_stream)
    co_return accounts::is_service_admin(token);
  if (stream.starts_with(account_prefix))
    co_return accounts::may_see(token, stream.substr(account_prefix.size()));
  if (!stream.starts_with(connection_prefix))
    co_return accounts::is_service_admin(token);
  if (token.accounts.all)
    co_return true;
  const auto owner = co_await owner_of_connection(x, stream.substr(connection_prefix.size()));
  if (owner.has_error())
    co_return owner.error();
  co_return !owner->empty() && accounts::may_see(token, *owner);
}

error denied(const actors::inclusion_request& wanted) {
  if (wanted.stream == system_stream)
    return {errc::forbidden, "An admin token for all accounts is required"};
  if (wanted.stream.empty())
    return {errc::forbidden, "Access denied to position: " + std::to_string(wanted.position)};
  // One of somebody else's is as unknown as one that is not there.
  if (wanted.stream.starts_with(connection_prefix))
    return {errc::not_found, "Connection not found"};
  return {errc::forbidden,
          "Access denied to account: " + wanted.stream.substr(account_prefix.size())};
}

std::string as_json(const actors::inclusion& of) {
  canonical_writer out;
  store::write_proof(out, of.proof);
  auto text = std::move(out).str();
  std::string note = R"({"checkpoint":)";
  append_json_string(note, of.note);
  return note.append(",").append(text, 1);
}

awaitable<void> prove_inclusion(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  const auto wanted = read_inclusion(x, check);
  if (!passes(x, check))
    co_return;
  const bool is_of_account = wanted.stream.starts_with(account_prefix);
  const auto account_id = is_of_account ? wanted.stream.substr(account_prefix.size()) : "";
  // What is left of an erased account is proven still.
  if (is_of_account && !x.app().service.parts().erasures->contains(account_id)) {
    const bool may = co_await may_enter_account(x, who, account_id, check);
    if (!may)
      co_return;
  } else if (!wanted.stream.empty()) {
    const auto allowed = co_await may_read(x, who, wanted.stream);
    if (allowed.has_error() || !*allowed) {
      x.fail(allowed.has_error() ? allowed.error() : denied(wanted));
      co_return;
    }
  }
  const auto found = co_await ask_reader<actors::inclusion_reply>(x, wanted);
  // Who asks for a position learns whether it is there, which is the total event volume.
  if (!found.has_error() && wanted.stream.empty()) {
    const auto allowed = co_await may_read(x, who, found->proof.stream);
    if (allowed.has_error() || !*allowed) {
      x.fail(allowed.has_error() ? allowed.error() : denied(wanted));
      co_return;
    }
  }
  if (found.has_error())
    x.fail(found.error());
  else
    x.success(as_json(*found));
}

awaitable<void> prove_consistency(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  const auto from = check.integer("from", 1);
  const auto to = check.integer("to", 1);
  if (!x.parameters.find("from"))
    check.add({{"query", "from"}, "Field required", "missing"});
  if (!passes(x, check))
    co_return;
  actors::consistency_request wanted;
  wanted.from = static_cast<std::uint64_t>(*from);
  if (to)
    wanted.to = static_cast<std::uint64_t>(*to);
  const auto found = co_await ask_reader<actors::consistency_reply>(x, wanted);
  if (found.has_error()) {
    x.fail(found.error());
    co_return;
  }
  canonical_writer out;
  out.begin_object().member("from", static_cast<std::int64_t>(found->from)).key("path");
  store::write_path(out, found->path);
  out.member("to", static_cast<std::int64_t>(found->to)).end_object();
  x.success(out.view());
}

route checkpoint_route(std::string_view path, std::string_view name, std::string_view summary,
                       std::vector<unsigned short> statuses, handler run) {
  return {method::get, path, family::rules, access::read, name, summary, std::move(statuses), run};
}

} // namespace

void add_proof_routes(std::vector<route>& to) {
  auto list = checkpoint_route("/checkpoints", "listCheckpoints",
                               "List signed checkpoints of the log, the newest first",
                               {200, 401, 403, 422}, list_checkpoints);
  list.parameters = {"limit", "offset"};
  list.answer = "CheckpointList";
  to.push_back(std::move(list));
  to.push_back(checkpoint_route("/checkpoints/latest", "getLatestCheckpoint",
                                "The newest checkpoint as it is signed, text/plain",
                                {200, 401, 403, 404}, latest_checkpoint));
  auto key =
      checkpoint_route("/checkpoints/key", "getCheckpointKey", "The key that verifies checkpoints",
                       {200, 401, 403, 404}, get_checkpoint_key);
  key.answer = "CheckpointKey";
  to.push_back(std::move(key));
  to.push_back(checkpoint_route("/checkpoints/{size}", "getCheckpoint",
                                "The checkpoint of so many events as it is signed, text/plain",
                                {200, 401, 403, 404, 422}, get_checkpoint));
  auto inclusion = checkpoint_route("/proofs/inclusion", "proveInclusion",
                                    "Prove that an event is covered by a checkpoint",
                                    {200, 401, 403, 404, 422}, prove_inclusion);
  inclusion.parameters = {"of_account", "of_connection", "of_stream",
                          "position",   "sequence",      "checkpoint"};
  inclusion.answer = "InclusionProof";
  to.push_back(std::move(inclusion));
  auto consistency =
      checkpoint_route("/proofs/consistency", "proveConsistency",
                       "Prove that a later checkpoint starts with the events of an earlier one",
                       {200, 401, 403, 404, 422}, prove_consistency);
  consistency.parameters = {"from_size", "to_size"};
  consistency.answer = "ConsistencyProof";
  to.push_back(std::move(consistency));
}

} // namespace headwater::http
