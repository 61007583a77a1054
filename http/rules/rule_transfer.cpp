#include "http/rules/rule_transfer.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/rules/transfer/rule_export.hpp"
#include "http/application.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/request_body.hpp"
#include "http/gate/route.hpp"
#include "http/gate/sent_list.hpp"
#include "http/rules/rule_meta.hpp"
#include "http/rules/rule_names.hpp"
#include "http/rules/rules_at.hpp"

namespace headwater::http {

namespace {

using attribution::passthrough_referrer;
using attribution::referrer_mapping;

/// Bytes gathered before they are sent and other connections have a turn.
constexpr std::size_t export_piece = 32 * 1024;

// -- export ---------------------------------------------------------------------------------------

/// One document, piece by piece.
template <class Rule>
class document {
public:
  /// `meta` as JSON, or nothing; CSV has no place for it.
  document(const attribution::account_rules& rules, std::string_view account_id, bool csv,
           std::string_view meta)
      : rules_(rules), account_id_(account_id), csv_(csv), meta_(meta) {}

  void begin(std::string& out) const {
    if (csv_)
      return attribution::append_csv_header<Rule>(out);
    out += R"({"success":true,"data":{")";
    out.append(attribution::rule_kind<Rule>::list_name) += R"(":[)";
  }

  void add(std::string& out, const Rule& rule) {
    if (csv_)
      return attribution::append_csv_row(out, rule, account_id_);
    // A line for each rule, so that the faults of an import have lines to name.
    out += std::exchange(is_first_, false) ? "\n" : ",\n";
    json_writer one;
    write_resource(one, rule, account_id_);
    out += one.view();
  }

  void end(std::string& out) const {
    if (csv_)
      return;
    const auto& stored = rules_.of<Rule>();
    json_writer last;
    last.key("total").integer(static_cast<std::int64_t>(stored.total()));
    last.key("active_count").integer(static_cast<std::int64_t>(stored.active()));
    last.key("version").integer(static_cast<std::int64_t>(rules_.version()));
    out.append("\n],").append(last.view()) += '}';
    if (!meta_.empty())
      out.append(R"(,"meta":)").append(meta_);
    out += '}';
  }

private:
  const attribution::account_rules& rules_;
  std::string_view account_id_;
  bool csv_;
  std::string_view meta_;
  bool is_first_ = true;
};

/// Ids ascending, so that rules that are imported elsewhere keep their order among equals.
template <class Rule>
awaitable<result<answer>> send_rules(exchange& x, answer head, const actors::rules_ptr& rules,
                                     document<Rule> form) {
  x.announce(head);
  std::string piece;
  form.begin(piece);
  for (const auto& rule : rules->of<Rule>()) {
    form.add(piece, *rule);
    const bool is_there = co_await send_gathered(x, piece, export_piece);
    if (!is_there)
      co_return sent();
  }
  form.end(piece);
  co_return co_await x.finish(std::move(head), std::move(piece));
}

struct export_query {
  bool csv = false;
  std::optional<actors::asked_point> as_of;
};

export_query read_export(const exchange& x, request_check& check) {
  export_query out;
  out.csv = check.choice("format", {"csv", "json"}, wants_csv(x.head) ? "csv" : "json") == "csv";
  out.as_of = check.point("as_of");
  return out;
}

template <class Rule>
awaitable<result<answer>> export_rules(exchange& x, const entered_account& in,
                                       const export_query& query) {
  CO_TRY(const auto asked, co_await rules_asked_for(x, in.loaded, query.as_of));
  auto head =
      plain({}, 200, query.csv ? "text/csv; charset=utf-8" : "application/json")
          .with("Content-Disposition", "attachment; filename=\"" +
                                           std::string(attribution::rule_kind<Rule>::path) + "-" +
                                           in.loaded->id + (query.csv ? ".csv\"" : ".json\""))
          .versioned(asked.rules->version(), asked.as_of);
  const auto meta = ignored_meta({}, asked.as_of);
  document<Rule> form(*asked.rules, in.loaded->id, query.csv, meta);
  co_return co_await send_rules(x, std::move(head), asked.rules, form);
}

// -- import ---------------------------------------------------------------------------------------

std::optional<attribution::import_format> format_of(std::string_view media_type) {
  if (equals_nocase(media_type, "text/csv"))
    return attribution::import_format::csv;
  if (is_json(media_type))
    return attribution::import_format::json;
  return std::nullopt;
}

awaitable<result<std::string>> document_of(exchange& x) {
  if (!format_of(x.media_type()))
    co_return error{errc::unsupported_media_type,
                    "Content-Type must be application/json or text/csv"};
  co_return co_await taken_body(x, x.limits().import_limit);
}

struct import_query {
  attribution::import_mode mode = attribution::import_mode::merge;
  bool is_dry_run = false;
  bool allows_empty = false;
  std::optional<std::string> key;
};

import_query read_import(const exchange&, request_check& check) {
  import_query out;
  out.mode = *attribution::parse_import_mode(check.choice("mode", {"merge", "replace"}, "merge"));
  out.is_dry_run = check.dry_run();
  out.allows_empty = check.boolean("allow_empty", false);
  out.key = check.idempotency_key();
  return out;
}

template <class Rule>
actors::prepare_import<Rule> preparation(exchange& x, const actors::loaded_account& loaded,
                                         std::string body, const import_query& query) {
  actors::prepare_import<Rule> out;
  out.body = std::make_shared<const std::string>(std::move(body));
  out.format = *format_of(x.media_type());
  out.options = {loaded.id, wants_strict(x.head), x.limits().import_rules, x.limits().json_depth};
  out.mode = query.mode;
  out.is_dry_run = query.is_dry_run;
  out.rules = loaded.rules();
  out.request_line = request_line(x);
  out.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  return out;
}

/// A document without rules that replaces removes them all. That is more likely a wrong file than a
/// wish, so it has to be said.
template <class Rule>
result<void> check_emptiness(const attribution::import_rows<Rule>& rows,
                             const import_query& query) {
  if (query.mode != attribution::import_mode::replace || query.allows_empty || !rows.rows.empty() ||
      rows.fault_count > 0)
    return {};
  return validation_failure({{{"query", "allow_empty"},
                              "The import has no rules and would remove all " +
                                  std::string(attribution::rule_kind<Rule>::words) +
                                  "s of the account; allow_empty=true says that this is meant",
                              "value_error"}});
}

template <class Rule>
awaitable<result<answer>> import_rules(exchange& x, const entered_account& in,
                                       const import_query& query) {
  CO_TRY(auto body, co_await document_of(x));
  auto wanted = preparation<Rule>(x, *in.loaded, std::move(body), query);
  const auto version = wanted.rules->version();
  CO_TRY(const auto prepared, co_await ask(x, std::move(wanted)));
  CO_CHECK(check_emptiness(*prepared.rows, query));
  const auto meta = import_meta(*prepared.rows);
  if (query.is_dry_run) {
    const actors::import_outcome outcome{counts_of(*prepared.plan, query.mode), version};
    co_return large_success(x, dry_run_as_json(*prepared.plan, outcome, in.loaded->id), meta);
  }
  CO_CHECK(still_valid(x));
  actors::rule_request request;
  request.by = origin_of(x, in.who);
  if (query.key)
    request.by.key.emplace(store::idempotency{*query.key, prepared.fingerprint});
  request.command = attribution::import_rules<Rule>{prepared.rows, query.mode};
  CO_TRY(const auto done, co_await send_command(x, in.loaded, std::move(request)));
  co_return success(import_as_json(done.imported.value()), meta).replayed(done.replayed);
}

template <class Rule>
constexpr std::string_view export_schema = "PassthroughReferrerExport";
template <>
constexpr std::string_view export_schema<referrer_mapping> = "ReferrerMappingExport";

template <class Rule>
constexpr route export_route{.verb = method::get,
                             .path = rule_names<Rule>::path::exports,
                             .gate = account(access::read),
                             .input = read_export,
                             .name = rule_names<Rule>::operation::exports,
                             .summary = rule_names<Rule>::summary::exports,
                             .parameters = {"format", "as_of"},
                             .answers = export_schema<Rule>,
                             .answers_also = {media::csv},
                             .headers = {"Content-Disposition"},
                             .tagged = true,
                             .run = export_rules<Rule>};
template <class Rule>
constexpr route import_route{
    .verb = method::post,
    .path = rule_names<Rule>::path::imports,
    .gate = account(access::write),
    .input = read_import,
    .name = rule_names<Rule>::operation::imports,
    .summary = rule_names<Rule>::summary::imports,
    .parameters = {"mode", "dry_run", "allow_empty", "Idempotency-Key", "Prefer"},
    .body = attribution::rule_kind<Rule>::import_schema,
    .body_also = {media::csv},
    .answers = "ImportOutcome",
    .run = import_rules<Rule>};

} // namespace

void add_rule_transfer_routes(std::vector<endpoint>& to) {
  to.insert(to.end(),
            {row(export_route<passthrough_referrer>), row(import_route<passthrough_referrer>),
             row(export_route<referrer_mapping>), row(import_route<referrer_mapping>)});
}

} // namespace headwater::http
