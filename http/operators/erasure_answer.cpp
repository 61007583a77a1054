#include "http/operators/erasure_answer.hpp"

#include "domain/core/time.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "http/application.hpp"
#include "http/gate/questions.hpp"

namespace headwater::http {

namespace {

using actors::erasure_status;

std::optional<std::string> time_or_null(micros at) {
  return at == 0 ? std::nullopt : std::optional(to_rfc3339_micros(at));
}

std::string_view state_of(actors::erasure_step step, const actors::erasure_progress& of) {
  if (of.status == erasure_status::done || step < of.step)
    return "done";
  return step == of.step ? to_string(of.status) : to_string(erasure_status::pending);
}

/// A snapshot begun before the erasure ended may contain what it erased.
bool may_hold(const snapshots::listed_snapshot& one, const actors::erasure_progress& erased) {
  return erased.status != erasure_status::done || one.created_at <= erased.finished_at;
}

bool may_hold(const snapshots::incomplete_snapshot& one, const actors::erasure_progress& erased) {
  return erased.status != erasure_status::done || one.named_for <= erased.finished_at;
}

void write_names(json_writer& out, const auto& some, const actors::erasure_progress& erased) {
  for (const auto& each : some)
    if (may_hold(each, erased))
      out.string(each.name);
}

void write_erasure(json_writer& out, const actors::erasure_progress& of,
                   const snapshots::catalog_content& catalog) {
  out.begin_object().member("account_id", of.of.account_id);
  out.member("status", to_string(of.status)).key("steps").begin_array();
  for (const auto step : actors::erasure_steps) {
    out.begin_object().member("name", to_string(step));
    out.member("status", state_of(step, of)).end_object();
  }
  out.end_array().key("events").begin_object();
  out.member("erased", static_cast<std::int64_t>(of.events_erased));
  out.member("total", static_cast<std::int64_t>(of.events_total)).end_object();
  out.member("requested_at", to_rfc3339_micros(of.of.erased_at));
  out.key("started_at").string_or_null(time_or_null(of.started_at));
  out.key("finished_at").string_or_null(time_or_null(of.finished_at));
  out.key("reason").string_or_null(of.reason.empty() ? std::nullopt : std::optional(of.reason));
  out.key("snapshots").begin_array();
  write_names(out, catalog.complete, of);
  write_names(out, catalog.damaged, of);
  write_names(out, catalog.partial, of);
  out.end_array().end_object();
}

} // namespace

awaitable<result<answer>> show_erasure(exchange& x, actors::erasure_progress progress,
                                       unsigned short status) {
  actors::list_snapshots wanted{x.app().service.parts().snapshot_directory};
  // If the DELETE is durable but its answer fails, it may be sent again.
  CO_TRY(const auto catalog, co_await ask(x, std::move(wanted)));
  json_writer out;
  write_erasure(out, progress, catalog);
  co_return success(out.view(), {}, status);
}

} // namespace headwater::http
