#include "tools/referrals/referrals.hpp"

#include "domain/analytics_files/push_batch.hpp"
#include "tools/referrals/referrals_push.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

namespace headwater::tools {
namespace {

constexpr std::string_view more =
    "Reads CSV (commas, tabs or semicolons) or NDJSON, checks all of it, adds up rows of the same\n"
    "date, referrer and page, and pushes them in batches. The columns of GA4 and Adobe Analytics\n"
    "are known by their names. Running it again is safe: what the server has is not counted "
    "twice.\n"
    "The API token is read from --token-file, else from HEADWATER_TOKEN.\n\n"
    "Fields: date, raw_referrer_value, raw_page_value, pageviews, sessions, transactions,\n"
    "purchase_revenue, batch_id.\n\n"
    "Examples:\n"
    "  headwater referrals push ga4-2026.csv --brand 1 --connection 01JD...\n"
    "  headwater referrals push adobe.tsv --brand 1 --connection 01JD... --dry-run\n"
    "  zcat rows.ndjson.gz | headwater referrals push - --brand 1 --connection 01JD... \\\n"
    "      --map day=date --map url=raw_page_value --map from=raw_referrer_value\n\n"
    "Exit status: 0 all rows were taken (rejected referrers are normal, and so are rows that\n"
    "--skip-bad leaves out), 1 the server refused or rows cannot be read, 2 it could not be tried\n"
    "or not to its end.";

void add_reading(CLI::App& push, push_options& into) {
  push.add_option("FILE", into.file, "The export; - for standard input")->required();
  push.add_option("--format", into.format, "csv or ndjson; without it name and content decide")
      ->check(CLI::IsMember({"csv", "ndjson"}))
      ->type_name("FORMAT");
  push.add_option("--map", into.maps,
                  "A column and the field it is, or nothing to leave it out; NAME#2 is the second "
                  "column of that name; repeatable")
      ->type_name("COLUMN=FIELD")
      ->allow_extra_args(false);
  push.add_option("--date-format", into.date_format,
                  "How dates are written, as %d/%m/%Y; 20260131, 2026-01-31 and January 31, 2026 "
                  "need none")
      ->type_name("PATTERN");
  push.add_option("--decimal", into.decimal, "Decimal separator: point or comma")
      ->check(CLI::IsMember({"point", "comma"}))
      ->capture_default_str()
      ->type_name("MARK");
  push.add_flag("--skip-bad", into.skip_bad, "Leave out rows that cannot be read, and count them");
}

void add_sending(CLI::App& push, push_options& into) {
  push.add_option("--url", into.url, "Where the server listens; plain http:// only")
      ->envname("HEADWATER_URL")
      ->capture_default_str()
      ->type_name("URL");
  push.add_option("--token-file", into.token_file, "File with the API token")->type_name("FILE");
  push.add_option("--brand", into.brand, "The brand's number")->required()->type_name("N");
  push.add_option("--connection", into.connection, "The connection's ULID")
      ->required()
      ->type_name("ULID");
  push.add_option("--batch-size", into.batch_size, "Rows of a batch at most")
      ->check(CLI::Range(std::size_t{1}, analytics_files::max_batch_rows,
                         "1 to " + std::to_string(analytics_files::max_batch_rows)))
      ->capture_default_str()
      ->type_name("N");
  push.add_option("--batch-id", into.batch_id,
                  "What batches are called in the log: this, a hyphen and their number")
      ->type_name("TEXT");
  push.add_option("--retries", into.retries, "How often a batch is tried again")
      ->check(CLI::Range(0U, 100U, "0 to 100"))
      ->capture_default_str()
      ->type_name("N");
  push.add_flag("--dry-run", into.dry_run,
                "Read and check all, send no row; without a token no server is asked");
  push.add_flag("--json", into.json, "The summary as JSON");
}

} // namespace

void add_referrals_commands(CLI::App& root, push_options& into) {
  auto* referrals = root.add_subcommand("referrals", "AI referrals on a running server");
  referrals->require_subcommand(1);
  auto* push =
      referrals->add_subcommand("push", "Brings an export of GA4, Adobe Analytics or another "
                                        "tool into a connection");
  add_reading(*push, into);
  add_sending(*push, into);
  push->footer(std::string(more));
}

bool is_referrals_command(const CLI::App& root) {
  return root.got_subcommand("referrals");
}

int run_referrals_command(const push_options& with) {
  return referrals_push(with).run();
}

} // namespace headwater::tools
