// /presets: packs of known passthrough hosts, and taking one over.

#include "domain/presets/presets.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/rules/rules.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/route.hpp"
#include "http/rules/rule_transfer.hpp"

namespace headwater::http {

namespace {

using attribution::passthrough_referrer;

awaitable<result<answer>> list_presets(exchange&, const entered_token&) {
  json_writer out;
  attribution::render_presets(out);
  co_return success(out.view());
}

struct apply_query {
  std::string name;
  bool is_dry_run = false;
  std::optional<std::string> key;
};

apply_query read_apply(const exchange&, request_check& check) {
  apply_query out;
  out.name = check.path(0);
  out.is_dry_run = check.dry_run();
  out.key = check.idempotency_key();
  return out;
}

/// What the pack would change. Few enough rows to be planned at once.
result<answer> show_dry_run(exchange& x, const actors::loaded_account& loaded,
                            const attribution::import_rows<passthrough_referrer>& rows) {
  const auto rules = loaded.rules();
  constexpr auto mode = attribution::import_mode::merge;
  TRY(const auto plan, attribution::plan_import(rules->passthrough_referrers(), rows, mode,
                                                x.app().service.parts().limits.max_rules));
  const actors::import_outcome outcome{attribution::counts_of(plan, mode), rules->version()};
  return large_success(x, dry_run_as_json(plan, outcome, loaded.id));
}

awaitable<result<answer>> apply_preset(exchange& x, const entered_account& in,
                                       const apply_query& query) {
  const auto* preset = attribution::find_preset(query.name);
  if (!preset)
    co_return error{errc::not_found, "Preset not found"};
  auto rows = std::make_shared<const attribution::import_rows<passthrough_referrer>>(
      attribution::rows_of(*preset));
  if (query.is_dry_run)
    co_return show_dry_run(x, *in.loaded, *rows);
  actors::rule_request request;
  request.by = origin_of(x, in.who, query.key);
  request.command = attribution::import_rules<passthrough_referrer>{
      std::move(rows), attribution::import_mode::merge};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  co_return success(import_as_json(done.imported.value())).replayed(done.replayed);
}

constexpr route list_route{.verb = method::get,
                           .path = "/presets",
                           .gate = token(access::read),
                           .name = "listPresets",
                           .summary = "List packs of passthrough referrers to start from",
                           .answers = "PresetList",
                           .run = list_presets};
constexpr route apply_route{.verb = method::post,
                            .path = "/presets/{preset}/apply",
                            .gate = account(access::write),
                            .input = read_apply,
                            .name = "applyPreset",
                            .summary = "Add the passthrough referrers of a pack that are missing",
                            .parameters = {"dry_run", "Idempotency-Key"},
                            .answers = "ImportOutcome",
                            .run = apply_preset};

} // namespace

void add_preset_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(list_route), row(apply_route)});
}

} // namespace headwater::http
