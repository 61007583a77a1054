#include "http/rule_transfer.hpp"

#include "domain/attribution/rule_export.hpp"
#include "http/rule_handlers.hpp"

#include <array>

namespace headwater::http {

namespace {

using attribution::passthrough_referrer;
using attribution::referrer_mapping;

/// Bytes gathered before they are sent and other connections have a turn.
constexpr std::size_t piece_size = 32 * 1024;

template <class Rule>
struct transfer;

template <>
struct transfer<passthrough_referrer> {
  static constexpr std::string_view file_name = "passthrough-referrers";
  static constexpr std::string_view export_path = "/passthrough-referrers/export";
  static constexpr std::string_view import_path = "/passthrough-referrers/import";
  static constexpr std::array<std::string_view, 2> names{"exportPassthroughReferrers",
                                                         "importPassthroughReferrers"};
  static constexpr std::string_view list_schema = "PassthroughReferrerList";
  static constexpr std::string_view import_schema = "PassthroughReferrerImport";
  static const auto& rules(const attribution::account_rules& of) {
    return of.passthrough_referrers();
  }
};

template <>
struct transfer<referrer_mapping> {
  static constexpr std::string_view file_name = "referrer-mappings";
  static constexpr std::string_view export_path = "/referrer-mappings/export";
  static constexpr std::string_view import_path = "/referrer-mappings/import";
  static constexpr std::array<std::string_view, 2> names{"exportReferrerMappings",
                                                         "importReferrerMappings"};
  static constexpr std::string_view list_schema = "ReferrerMappingList";
  static constexpr std::string_view import_schema = "ReferrerMappingImport";
  static const auto& rules(const attribution::account_rules& of) { return of.referrer_mappings(); }
};

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
    out.append(attribution::list_name<Rule>) += R"(":[)";
  }

  void add(std::string& out, const Rule& rule) {
    if (csv_)
      return attribution::append_csv_row(out, rule, account_id_);
    // A line for each rule, so that the faults of an import have lines to name.
    out += std::exchange(is_first_, false) ? "\n" : ",\n";
    canonical_writer one;
    write_resource(one, rule, account_id_);
    out += one.view();
  }

  void end(std::string& out) const {
    if (csv_)
      return;
    const auto& stored = transfer<Rule>::rules(rules_);
    canonical_writer last;
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
awaitable<void> send_rules(exchange& x, const actors::rules_ptr& rules, document<Rule> form) {
  std::string piece;
  form.begin(piece);
  for (const auto& rule : transfer<Rule>::rules(*rules).all()) {
    form.add(piece, *rule);
    if (piece.size() < piece_size)
      continue;
    if (!co_await x.stream().write_some(piece))
      co_return;
    piece.clear();
    co_await x.stream().yield();
  }
  form.end(piece);
  // A short document goes out whole, with its length.
  if (x.stream().has_begun())
    (void)co_await x.stream().write_some(piece);
  else
    x.out.body = std::move(piece);
}

template <class Rule>
awaitable<void> export_rules(exchange& x) {
  auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  const auto format = check.choice("format", {"csv", "json"}, wants_csv(x.head) ? "csv" : "json");
  auto as_of = check.point("as_of");
  const auto slot = co_await enter_account(x, std::move(who), std::move(account_id), check);
  if (!slot)
    co_return;
  const auto asked = co_await rules_asked_for(x, slot, std::move(as_of));
  if (!asked)
    co_return;
  const bool csv = format == "csv";
  x.plain(200, csv ? "text/csv; charset=utf-8" : "application/json");
  x.out.add("Content-Disposition", "attachment; filename=\"" +
                                       std::string(transfer<Rule>::file_name) + "-" + slot->id +
                                       (csv ? ".csv\"" : ".json\""));
  const auto meta = ignored_meta({}, asked->as_of);
  document<Rule> form(*asked->rules, slot->id, csv, meta);
  co_await send_rules(x, asked->rules, form);
}

// -- import ---------------------------------------------------------------------------------------

std::optional<attribution::import_format> format_of(std::string_view media_type) {
  if (media_type == "text/csv")
    return attribution::import_format::csv;
  if (is_json(media_type))
    return attribution::import_format::json;
  return std::nullopt;
}

/// The body, if its type is one of the two and its token still holds.
awaitable<std::shared_ptr<const std::string>> document_of(exchange& x) {
  if (!format_of(x.media_type())) {
    x.fail(
        error{errc::unsupported_media_type, "Content-Type must be application/json or text/csv"});
    co_return nullptr;
  }
  auto body = co_await x.stream().take_all(x.limits().import_limit);
  if (body.has_error()) {
    x.fail(body.error());
    co_return nullptr;
  }
  if (!still_valid(x))
    co_return nullptr;
  co_return std::make_shared<const std::string>(std::move(*body));
}

template <class Rule>
actors::prepare_import<Rule> preparation(exchange& x, const actors::account_slot& slot,
                                         std::shared_ptr<const std::string> body,
                                         attribution::import_mode mode, bool is_dry_run) {
  actors::prepare_import<Rule> out;
  out.body = std::move(body);
  out.format = *format_of(x.media_type());
  out.options = {slot.id, wants_strict(x.head), x.limits().import_rules, x.limits().json_depth};
  out.mode = mode;
  out.is_dry_run = is_dry_run;
  out.rules = slot.rules();
  out.request_line = request_line(x);
  out.waits_until = std::chrono::steady_clock::now() + x.limits().command_timeout;
  return out;
}

template <class Rule>
awaitable<void> import_rules(exchange& x) {
  const auto who = co_await authorise(x);
  if (!who)
    co_return;
  request_check check(x);
  auto account_id = check.account_id();
  const auto mode =
      attribution::parse_import_mode(check.choice("mode", {"merge", "replace"}, "merge"));
  const bool is_dry_run = check.boolean("dry_run", false);
  const auto key = check.idempotency_key();
  const auto slot = co_await enter_account(x, who, std::move(account_id), check);
  if (!slot)
    co_return;
  auto body = co_await document_of(x);
  if (!body)
    co_return;
  auto wanted = preparation<Rule>(x, *slot, std::move(body), *mode, is_dry_run);
  const auto version = wanted.rules->version();
  const auto prepared = co_await ask<actors::prepared_reply<Rule>>(x, x.app().service.importer(),
                                                                   intent::read, std::move(wanted));
  if (prepared.has_error()) {
    x.fail(prepared.error());
    co_return;
  }
  const auto ignored = ignored_meta(prepared->rows->ignored_fields);
  if (is_dry_run) {
    const actors::import_outcome outcome{counts_of(*prepared->plan, *mode), version};
    x.large_success(dry_run_as_json(*prepared->plan, outcome, slot->id), ignored);
    co_return;
  }
  if (!still_valid(x))
    co_return;
  actors::rule_request request;
  request.by = origin_of(x, who, std::nullopt, {});
  if (key)
    request.by.key.emplace(store::idempotency{*key, prepared->fingerprint});
  request.command = attribution::import_rules<Rule>{prepared->rows, *mode};
  const auto reply = co_await send_command(x, slot, std::move(request));
  if (reply.has_error()) {
    x.fail(reply.error());
    co_return;
  }
  if (reply->replayed)
    x.out.add("Idempotent-Replayed", "true");
  x.success(import_as_json(reply->imported.value()), ignored);
}

template <class Rule>
void add_routes(std::vector<route>& to, std::string_view export_summary,
                std::string_view import_summary) {
  using of = transfer<Rule>;
  using enum method;
  to.push_back({get,
                of::export_path,
                family::rules,
                access::read,
                of::names[0],
                export_summary,
                {200, 401, 403, 404, 410, 422, 503},
                export_rules<Rule>,
                {"account_id", "format", "as_of"},
                {},
                of::list_schema,
                true});
  to.push_back({post,
                of::import_path,
                family::rules,
                access::write,
                of::names[1],
                import_summary,
                {200, 400, 401, 403, 404, 410, 413, 415, 422, 503},
                import_rules<Rule>,
                {"account_id", "mode", "dry_run", "Idempotency-Key", "Prefer"},
                of::import_schema,
                "ImportOutcome",
                true});
}

} // namespace

void add_rule_transfer_routes(std::vector<route>& to) {
  add_routes<passthrough_referrer>(to, "Export all passthrough referrers",
                                   "Import passthrough referrers, all or nothing");
  add_routes<referrer_mapping>(to, "Export all referrer mappings",
                               "Import referrer mappings, all or nothing");
}

} // namespace headwater::http
