#include "domain/core/canonical_json.hpp"
#include "domain/core/time.hpp"
#include "http/actor_reply.hpp"
#include "http/application.hpp"
#include "http/entrance.hpp"
#include "http/openapi.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view base = "/snapshots";

void number(canonical_writer& out, std::string_view name, std::uint64_t value) {
  out.member(name, static_cast<std::int64_t>(value));
}

void write_listed(canonical_writer& out, const snapshots::listed_snapshot& of) {
  out.member("name", of.name);
  number(out, "position", of.position);
  out.member("created_at", to_rfc3339_seconds(of.created_at));
  number(out, "bytes", of.bytes);
  number(out, "bytes_shared", of.bytes_shared);
}

void write_made(canonical_writer& out, const snapshots::made_snapshot& of) {
  const auto& holds = of.what.holds;
  out.begin_object();
  write_listed(out, of.listed);
  number(out, "events", holds.events);
  number(out, "streams", holds.streams);
  number(out, "accounts", holds.accounts);
  number(out, "connections", holds.connections);
  number(out, "files", of.what.files.size());
  out.member("chain", to_hex(holds.chain)).member("heads", to_hex(holds.heads));
  out.member("merkle_root", to_hex(holds.merkle_root));
  out.member("manifest_sha256", to_hex(of.manifest_sha256));
  out.end_object();
}

std::string_view state_of(const actors::snapshot_attempt& of) {
  if (of.is_running())
    return "running";
  return of.made ? "complete" : "failed";
}

void write_attempt(canonical_writer& out, const actors::snapshot_attempt& of) {
  out.begin_object().member("state", state_of(of));
  out.member("started_at", to_rfc3339_micros(of.started_at));
  out.key("finished_at")
      .string_or_null(of.is_running() ? std::nullopt
                                      : std::optional(to_rfc3339_micros(of.finished_at)));
  out.key("error").string_or_null(of.reason.empty() ? std::nullopt : std::optional(of.reason));
  out.key("snapshot");
  if (of.made)
    write_made(out, *of.made);
  else
    out.null();
  out.end_object();
}

void answer(exchange& x, const actors::snapshot_attempt& shown, unsigned short status) {
  canonical_writer out;
  write_attempt(out, shown);
  x.success(out.view(), {}, status);
}

/// Answers 201 with the snapshot if it is done within the time that any command has, else 202.
awaitable<void> create(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  const auto& service = x.app().service;
  auto& status = *service.parts().snapshots;
  if (!status.try_begin(actors::now())) {
    x.fail(error{errc::duplicate_entry, "A snapshot is being made already"});
    co_return;
  }
  actors::make_snapshot message;
  auto answered = co_await x.thread().actors->ask<actors::snapshot_attempt>(
      service.snapshotter(), x.limits().command_timeout, message);
  if (const auto* done = std::get_if<actors::snapshot_attempt>(&answered)) {
    if (done->made)
      answer(x, *done, 201);
    else
      x.fail(error{errc::service_unavailable, "The snapshot was not made: " + done->reason});
    co_return;
  }
  const auto failed = std::get<ask_failure>(answered);
  if (failed == ask_failure::timed_out)
    answer(x, *status.last(), 202);
  else
    x.fail(to_error(failed, intent::read));
}

awaitable<void> list(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who || !is_service_admin(x, who))
    co_return;
  const auto& service = x.app().service;
  actors::list_snapshots message{service.parts().snapshot_directory};
  const auto all = co_await ask<actors::snapshot_list>(x, service.readers().next(), intent::read,
                                                       std::move(message));
  if (all.has_error()) {
    x.fail(all.error());
    co_return;
  }
  canonical_writer out;
  out.begin_object().key("snapshots").begin_array();
  for (const auto& each : all->complete) {
    out.begin_object();
    write_listed(out, each);
    out.end_object();
  }
  out.end_array();
  number(out, "total", all->complete.size());
  out.key("last_attempt");
  if (const auto last = service.parts().snapshots->last())
    write_attempt(out, *last);
  else
    out.null();
  out.end_object();
  x.success(out.view());
}

} // namespace

void write_snapshot_schemas(canonical_writer& out) {
  constexpr std::string_view listed =
      R"("name":{"type":"string"},"position":{"type":"integer","description":"Of its last event"},)"
      R"("created_at":{"type":"string","format":"date-time"},"bytes":{"type":"integer"},)"
      R"("bytes_shared":{"type":"integer","description":"Of files that are hard links to those )"
      R"(of the log or of other snapshots"})";
  out.key("Snapshot").raw(R"({"type":"object","properties":{)" + std::string(listed) + "}}");
  out.key("MadeSnapshot")
      .raw(R"({"type":["object","null"],"properties":{)" + std::string(listed) +
           R"(,"events":{"type":"integer"},"streams":{"type":"integer"},"accounts":)"
           R"({"type":"integer"},"connections":{"type":"integer"},"files":{"type":"integer"},)"
           R"("chain":{"type":"string"},"heads":{"type":"string"},"merkle_root":)"
           R"({"type":"string"},"manifest_sha256":{"type":"string"}}})");
  out.key("SnapshotAttempt")
      .raw(
          R"({"type":["object","null"],"properties":{"state":{"type":"string","enum":)"
          R"(["running","complete","failed"]},"started_at":{"type":"string","format":"date-time"},)"
          R"("finished_at":{"type":["string","null"],"format":"date-time"},"error":)"
          R"({"type":["string","null"]},"snapshot":{"$ref":"#/components/schemas/MadeSnapshot"}}})");
  out.key("SnapshotList")
      .raw(R"({"type":"object","properties":{"snapshots":{"type":"array","items":)"
           R"({"$ref":"#/components/schemas/Snapshot"}},"total":{"type":"integer"},)"
           R"("last_attempt":{"$ref":"#/components/schemas/SnapshotAttempt"}}})");
}

void add_snapshot_routes(std::vector<route>& to) {
  using enum method;
  to.push_back({post,
                base,
                family::rules,
                access::admin,
                "createSnapshot",
                "Make a snapshot; 202 where it takes longer than a command may",
                {201, 202, 401, 403, 409, 503},
                create,
                {},
                {},
                "SnapshotAttempt"});
  to.push_back({get,
                base,
                family::rules,
                access::admin,
                "listSnapshots",
                "List the complete snapshots, and tell of the last attempt",
                {200, 401, 403},
                list,
                {},
                {},
                "SnapshotList"});
}

} // namespace headwater::http
