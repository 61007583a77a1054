// /checkpoints and /proofs: signed statements about the whole log, and proofs that bind events to
// them. Readers look them up; this file has parameters and answers.

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "http/application.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/route.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t usual_checkpoints = 100;
constexpr std::int64_t most_checkpoints = 1'000;

std::string as_json(const store::stored_checkpoint& one) {
  json_writer out;
  out.begin_object().member("note", one.note).member("origin", one.says.origin);
  out.member("root", to_hex(one.says.root));
  out.member("size", static_cast<std::int64_t>(one.says.size)).end_object();
  return std::move(out).str();
}

actors::list_checkpoints read_list(const exchange&, request_check& check) {
  actors::list_checkpoints wanted;
  wanted.limit = static_cast<std::size_t>(
      check.integer("limit", 1, most_checkpoints).value_or(usual_checkpoints));
  wanted.offset = static_cast<std::uint64_t>(check.integer("offset", 0).value_or(0));
  return wanted;
}

awaitable<result<answer>> list_checkpoints(exchange& x, const entered_token&,
                                           const actors::list_checkpoints& wanted) {
  CO_TRY(const auto found, co_await ask(x, wanted));
  std::string data = R"({"checkpoints":[)";
  for (const auto& one : found.checkpoints)
    data.append(&one == found.checkpoints.data() ? "" : ",").append(as_json(one));
  data.append(R"(],"has_more":)").append(found.has_more ? "true}" : "false}");
  co_return success(data);
}

/// Answers with the note itself.
awaitable<result<answer>> show_note(exchange& x, const entered_token&,
                                    const actors::find_checkpoint& wanted) {
  CO_TRY(auto found, co_await ask(x, wanted));
  co_return plain(std::move(found.note), 200, "text/plain; charset=utf-8");
}

awaitable<result<answer>> latest_checkpoint(exchange& x, const entered_token& in) {
  const actors::find_checkpoint newest;
  co_return co_await show_note(x, in, newest);
}

actors::find_checkpoint read_size(const exchange&, request_check& check) {
  actors::find_checkpoint wanted;
  // A checkpoint covers at least one event, so 0 stands for one that does not exist.
  const auto size = check.id(0, "size");
  wanted.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
  return wanted;
}

awaitable<result<answer>> get_checkpoint_key(exchange& x, const entered_token&) {
  const auto& key = x.app().service.parts().key;
  if (!key)
    co_return error{errc::not_found, "There is no signing key: checkpoints are off"};
  json_writer out;
  out.begin_object().member("origin", key->origin());
  out.member("verifier_key", key->verifier.to_string()).end_object();
  co_return success(out.view());
}

/// The event to prove, without its stream, checked as far as the query alone allows.
actors::inclusion_request read_inclusion(const exchange& x, request_check& check) {
  const auto is_given = [&](std::string_view name) {
    return int{x.parameters.find(name).has_value()};
  };
  actors::inclusion_request out;
  const auto position = check.integer("position", 1);
  const auto sequence = check.integer("sequence", 1);
  if (const auto size = check.integer("checkpoint", 1))
    out.size = static_cast<std::uint64_t>(*size);
  const int streams = is_given("account_id") + is_given("connection_id") + is_given("stream");
  if (streams + is_given("position") != 1)
    check.add({{"query"},
               "Exactly one of account_id, connection_id, stream and position is required",
               "value_error"});
  if (streams > 0 && !is_given("sequence"))
    check.add({{"query", "sequence"}, "Field required", "missing"});
  if (streams == 0 && is_given("position") && is_given("sequence"))
    check.add(
        {{"query", "sequence"}, "A position needs no sequence: leave one of them", "value_error"});
  out.position = static_cast<std::uint64_t>(position.value_or(0));
  out.sequence = static_cast<std::uint64_t>(sequence.value_or(0));
  return out;
}

std::string as_json(const actors::inclusion& of) {
  json_writer out;
  store::write_proof(out, of.proof);
  auto text = std::move(out).str();
  std::string note = R"({"checkpoint":)";
  append_json_string(note, of.note);
  return note.append(",").append(text, 1);
}

awaitable<result<answer>> prove_inclusion(exchange& x, const entered_stream& in,
                                          const actors::inclusion_request& query) {
  auto wanted = query;
  wanted.stream = in.name;
  CO_TRY(const auto found, co_await ask(x, std::move(wanted)));
  // Asking for a position reveals whether it exists, and so the total number of events.
  if (in.name.empty()) {
    CO_TRY(const bool may, co_await may_prove(x, in.who, found.proof.stream));
    if (!may)
      co_return error{errc::forbidden,
                      "Access denied to position: " + std::to_string(query.position)};
  }
  co_return success(as_json(found));
}

actors::consistency_request read_consistency(const exchange& x, request_check& check) {
  actors::consistency_request wanted;
  const auto from = check.integer("from", 1);
  const auto to = check.integer("to", 1);
  if (!x.parameters.find("from"))
    check.add({{"query", "from"}, "Field required", "missing"});
  wanted.from = static_cast<std::uint64_t>(from.value_or(0));
  if (to)
    wanted.to = static_cast<std::uint64_t>(*to);
  return wanted;
}

awaitable<result<answer>> prove_consistency(exchange& x, const entered_token&,
                                            const actors::consistency_request& wanted) {
  CO_TRY(const auto found, co_await ask(x, wanted));
  json_writer out;
  out.begin_object().member("from", static_cast<std::int64_t>(found.from)).key("path");
  store::write_path(out, found.path);
  out.member("to", static_cast<std::int64_t>(found.to)).end_object();
  co_return success(out.view());
}

constexpr route list_route{.verb = method::get,
                           .path = "/checkpoints",
                           .gate = token(access::read),
                           .input = read_list,
                           .name = "listCheckpoints",
                           .summary = "List signed checkpoints of the log, the newest first",
                           .parameters = {"limit", "offset"},
                           .answers = "CheckpointList",
                           .run = list_checkpoints};
constexpr route latest_route{.verb = method::get,
                             .path = "/checkpoints/latest",
                             .gate = token(access::read),
                             .name = "getLatestCheckpoint",
                             .summary = "The newest checkpoint as it is signed, text/plain",
                             .answers_also = {media::plain_text},
                             .refusals = {404},
                             .run = latest_checkpoint};
constexpr route key_route{.verb = method::get,
                          .path = "/checkpoints/key",
                          .gate = token(access::read),
                          .name = "getCheckpointKey",
                          .summary = "The key that verifies checkpoints",
                          .answers = "CheckpointKey",
                          .refusals = {404},
                          .run = get_checkpoint_key};
constexpr route checkpoint_route{.verb = method::get,
                                 .path = "/checkpoints/{size}",
                                 .gate = token(access::read),
                                 .input = read_size,
                                 .name = "getCheckpoint",
                                 .summary =
                                     "The checkpoint of so many events as it is signed, text/plain",
                                 .answers_also = {media::plain_text},
                                 .refusals = {404},
                                 .run = show_note};
constexpr route inclusion_route{.verb = method::get,
                                .path = "/proofs/inclusion",
                                .gate = stream(access::read, stream_use::proofs),
                                .input = read_inclusion,
                                .name = "proveInclusion",
                                .summary = "Prove that an event is covered by a checkpoint",
                                .parameters = {"position", "sequence", "checkpoint"},
                                .answers = "InclusionProof",
                                .run = prove_inclusion};
constexpr route consistency_route{
    .verb = method::get,
    .path = "/proofs/consistency",
    .gate = token(access::read),
    .input = read_consistency,
    .name = "proveConsistency",
    .summary = "Prove that a later checkpoint starts with the events of an earlier one",
    .parameters = {"from_size", "to_size"},
    .answers = "ConsistencyProof",
    .refusals = {404},
    .run = prove_consistency};

} // namespace

void add_proof_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(list_route), row(latest_route), row(key_route), row(checkpoint_route),
                       row(inclusion_route), row(consistency_route)});
}

} // namespace headwater::http
