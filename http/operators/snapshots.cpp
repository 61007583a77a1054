// /snapshots: make and list snapshots, for operators.

#include "domain/core/time.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "http/application.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/route.hpp"

namespace headwater::http {

namespace {

constexpr std::string_view snapshots_path = "/snapshots";

void number(json_writer& out, std::string_view name, std::uint64_t value) {
  out.member(name, static_cast<std::int64_t>(value));
}

void write_listed(json_writer& out, const snapshots::listed_snapshot& of) {
  out.member("name", of.name);
  number(out, "position", of.position);
  out.member("created_at", to_rfc3339_seconds(of.created_at));
  number(out, "bytes", of.bytes);
  number(out, "bytes_shared", of.bytes_shared);
}

void write_made(json_writer& out, const snapshots::made_snapshot& of) {
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

void write_attempt(json_writer& out, const actors::snapshot_attempt& of) {
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

answer show(const actors::snapshot_attempt& shown, unsigned short status) {
  json_writer out;
  write_attempt(out, shown);
  return success(out.view(), {}, status);
}

/// Answers 201 with the snapshot if it is done within the time that any command has, otherwise 202.
awaitable<result<answer>> create(exchange& x, const entered_token&) {
  auto& status = *x.app().service.parts().snapshots;
  if (!status.try_begin(actors::now()))
    co_return error{errc::duplicate_entry, "A snapshot is being made already"};
  const auto answered = co_await await_snapshot(x);
  if (const auto* done = std::get_if<actors::snapshot_attempt>(&answered)) {
    if (done->made)
      co_return show(*done, 201);
    co_return error{errc::service_unavailable, "The snapshot was not made: " + done->reason};
  }
  const auto why = std::get<ask_failure>(answered);
  if (why != ask_failure::timed_out)
    co_return to_error(why, intent::read);
  co_return show(*status.last(), 202);
}

awaitable<result<answer>> list(exchange& x, const entered_token&) {
  const auto& parts = x.app().service.parts();
  actors::list_snapshots wanted{parts.snapshot_directory};
  CO_TRY(const auto all, co_await ask(x, std::move(wanted)));
  json_writer out;
  out.begin_object().key("snapshots").begin_array();
  for (const auto& each : all.complete) {
    out.begin_object();
    write_listed(out, each);
    out.end_object();
  }
  out.end_array();
  number(out, "total", all.complete.size());
  out.key("last_attempt");
  if (const auto last = parts.snapshots->last())
    write_attempt(out, *last);
  else
    out.null();
  out.end_object();
  co_return success(out.view());
}

constexpr route create_snapshot_route{
    .verb = method::post,
    .path = snapshots_path,
    .gate = operators,
    .name = "createSnapshot",
    .summary = "Make a snapshot; 202 where it takes longer than a command may",
    .on = served_on::both,
    .answers = "SnapshotAttempt",
    .successes = {201, 202},
    .refusals = {409},
    .run = create};
constexpr route list_snapshots_route{
    .verb = method::get,
    .path = snapshots_path,
    .gate = operators,
    .name = "listSnapshots",
    .summary = "List the complete snapshots, and tell of the last attempt",
    .on = served_on::both,
    .answers = "SnapshotList",
    .run = list};

} // namespace

void add_snapshot_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(create_snapshot_route), row(list_snapshots_route)});
}

} // namespace headwater::http
