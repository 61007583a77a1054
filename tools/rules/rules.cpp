#include "tools/rules/rules.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/rules/rule_kind.hpp"
#include "tools/api/answer_json.hpp"
#include "tools/api/api_client.hpp"
#include "tools/api/api_token.hpp"
#include "tools/rules/rules_report.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/input_file.hpp"
#include "tools/terminal/output_file.hpp"
#include "tools/terminal/progress.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <iostream>

namespace headwater::tools {
namespace {

/// Of the document itself; the server may take less (--max-import-bytes).
constexpr std::size_t largest_import = std::size_t{1} << 30;

/// The kind that is no rules, but goes with them.
constexpr const char* settings_kind = "attribution";

bool are_settings(const rules_options& with) {
  return with.kind == settings_kind;
}

result<void> write_file(const std::string& path, const std::string& text) {
  if (path != "-") {
    output_file file;
    CHECK(file.open(path));
    CHECK(file.write(text));
    return file.finish();
  }
  if (std::cout.write(text.data(), static_cast<std::streamsize>(text.size())) && std::cout.flush())
    return {};
  return error(errc::io_failed, "cannot write " + path);
}

std::string format_of(const rules_options& with) {
  if (!with.format.empty())
    return with.format;
  return ascii_lower(with.file).ends_with(".csv") ? "csv" : "json";
}

/// The format of a document to import. Standard input has no name to tell it by, but a JSON
/// document starts with a bracket, and no CSV header does.
std::string format_of(const rules_options& with, std::string_view text) {
  if (!with.format.empty() || with.file != "-")
    return format_of(with);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && (text[first] == '[' || text[first] == '{') ? "json" : "csv";
}

api_request request_of(const rules_options& with, const std::string& action,
                       const std::string& token) {
  api_request out;
  out.target = are_settings(with)
                   ? "/accounts/" + encoded(with.account) + "/attribution"
                   : "/" + with.kind + "/" + action + "?account_id=" + encoded(with.account);
  out.headers.emplace_back("Authorization", "Bearer " + token);
  return out;
}

/// The answer, or the exit status if there is none or it is a refusal.
struct rules_answer {
  api_answer answer;
  int status = 0;
};

rules_answer ask(const rules_options& with, api_request request) {
  const auto server = parse_server_url(with.url);
  if (!server)
    return {{}, give_up(server.error().message)};
  progress bar;
  transfer_watch watch;
  watch.sent = [&](std::uint64_t done, std::uint64_t total) {
    if (total > 0 && done < total)
      bar.show("sending", done, total);
    else if (total > 0)
      bar.say("waiting for the server");
  };
  watch.received = [&](std::uint64_t done, std::uint64_t total) {
    bar.show("receiving", total > 0 ? std::min(done, total) : done, total);
  };
  auto answer = call_api(*server, std::move(request), watch);
  bar.clear();
  if (!answer)
    return {{}, give_up(answer.error().message)};
  if (answer->status == 200)
    return {std::move(*answer), 0};
  report_refusal(with.file, *answer);
  return {{}, answer->status < 500 ? refused : could_not};
}

void report_settings(const api_answer& answer) {
  std::cout << "the account has the settings of the file\n";
  const auto document = parsed_answer(answer.body);
  const auto& ignored = member(member(document, "meta"), "ignored_fields");
  if (ignored.IsArray())
    std::cerr << "ignored, because no field has such a name: " << printable(quoted(ignored))
              << '\n';
}

/// The document is what export wrote, or the settings by themselves.
int import_settings(const rules_options& with, const std::string& token, const std::string& text) {
  if (with.dry_run || with.mode != "merge")
    return give_up("settings have neither --dry-run nor --mode");
  const auto document = parsed_answer(text);
  const auto& data = member(document, "data");
  const auto& settings = data.IsObject() ? data : document;
  if (!settings.IsObject())
    return give_up(with.file + " is no JSON object");
  auto request = request_of(with, "import", token);
  request.method = "PATCH";
  request.headers.emplace_back("Content-Type", "application/json");
  if (with.strict)
    request.headers.emplace_back("Prefer", "handling=strict");
  request.body = quoted(settings);
  const auto done = ask(with, std::move(request));
  if (done.status == 0)
    report_settings(done.answer);
  return done.status;
}

int import_rules(const rules_options& with) {
  auto token = find_token(with.token_file);
  if (!token)
    return give_up(token.error().message);
  auto text = read_whole(with.file, largest_import);
  if (!text)
    return give_up(text.error().message);
  if (are_settings(with))
    return import_settings(with, *token, *text);
  auto request = request_of(with, "import", *token);
  request.method = "POST";
  request.target += "&mode=" + with.mode + (with.dry_run ? "&dry_run=true" : "") +
                    (with.allow_empty ? "&allow_empty=true" : "");
  request.headers.emplace_back("Content-Type",
                               format_of(with, *text) == "csv" ? "text/csv" : "application/json");
  if (with.strict)
    request.headers.emplace_back("Prefer", "handling=strict");
  request.body = std::move(*text);
  const auto done = ask(with, std::move(request));
  if (done.status != 0)
    return done.status;
  return report_import(done.answer) ? 0 : could_not;
}

int export_rules(const rules_options& with) {
  auto token = find_token(with.token_file);
  if (!token)
    return give_up(token.error().message);
  auto request = request_of(with, "export", *token);
  request.method = "GET";
  if (!are_settings(with))
    request.target += "&format=" + format_of(with);
  else if (format_of(with) == "csv")
    return give_up("settings are written as JSON only");
  const auto done = ask(with, std::move(request));
  if (done.status != 0)
    return done.status;
  if (auto written = write_file(with.file, done.answer.body); !written)
    return give_up(written.error().message);
  return 0;
}

int apply_preset(const rules_options& with) {
  auto token = find_token(with.token_file);
  if (!token)
    return give_up(token.error().message);
  api_request request;
  request.method = "POST";
  request.target = "/presets/" + encoded(with.preset) +
                   "/apply?account_id=" + encoded(with.account) +
                   (with.dry_run ? "&dry_run=true" : "");
  request.headers.emplace_back("Authorization", "Bearer " + *token);
  const auto done = ask(with, std::move(request));
  if (done.status != 0)
    return done.status;
  return report_import(done.answer) ? 0 : could_not;
}

/// What every command needs to reach a server.
void add_server(CLI::App& command, rules_options& into) {
  command.add_option("--account", into.account, "The account's id")->required()->type_name("ID");
  command.add_option("--url", into.url, "Where the server listens; plain http:// only")
      ->envname("HEADWATER_URL")
      ->capture_default_str()
      ->type_name("URL");
  command.add_option("--token-file", into.token_file, "File with the API token")->type_name("FILE");
  command.footer("The API token is read from --token-file, else from HEADWATER_TOKEN.\n"
                 "Exit status: 0 done, 1 the server refused, 2 it could not be tried or its "
                 "outcome is unknown.");
}

void add_common(CLI::App& command, rules_options& into) {
  const std::string mappings(attribution::rule_kind<attribution::referrer_mapping>::path);
  const std::string referrers(attribution::rule_kind<attribution::passthrough_referrer>::path);
  command
      .add_option("--kind", into.kind,
                  mappings + ", " + referrers + ", or " + settings_kind +
                      " for the settings of attribution")
      ->required()
      ->check(CLI::IsMember({mappings, referrers, std::string(settings_kind)}))
      ->type_name("KIND");
  command
      .add_option("--format", into.format,
                  "csv or json; without it the file's name decides, and in standard "
                  "input its first character")
      ->check(CLI::IsMember({"csv", "json"}))
      ->type_name("FORMAT");
  add_server(command, into);
}

} // namespace

void add_rules_commands(CLI::App& root, rules_commands& into) {
  auto* rules = root.add_subcommand("rules", "All rules of an account on a running server");
  rules->require_subcommand(1);
  auto* in = rules->add_subcommand("import", "Adds, changes and removes rules as a file says, all "
                                             "or nothing");
  in->add_option("FILE", into.import.file,
                 "JSON, or CSV with commas, semicolons or tabs; - for standard input")
      ->required();
  add_common(*in, into.import);
  in->add_option("--mode", into.import.mode,
                 "merge keeps the rules that the file does not name, replace removes them")
      ->check(CLI::IsMember({"merge", "replace"}))
      ->capture_default_str()
      ->type_name("MODE");
  in->add_flag("--dry-run", into.import.dry_run,
               "Show what would change without changing anything");
  in->add_flag("--allow-empty", into.import.allow_empty,
               "Let --mode replace take a file without rules, which removes all of them");
  in->add_flag("--strict", into.import.strict, "Unknown fields are faults");
  auto* out = rules->add_subcommand("export", "Writes all rules of a kind to a file");
  auto* preset = rules->add_subcommand(
      "preset", "Adds the passthrough referrers of a pack that are missing: payment, "
                "three_d_secure, booking, identity or own_mail");
  preset->add_option("NAME", into.preset.preset, "The pack; GET /presets lists them all")
      ->required();
  preset->add_flag("--dry-run", into.preset.dry_run,
                   "Show what would be added without adding anything");
  add_server(*preset, into.preset);
  out->add_option("FILE", into.export_.file, "Where to; - or nothing for standard output")
      ->default_str("-");
  add_common(*out, into.export_);
}

bool is_rules_command(const CLI::App& root) {
  return root.got_subcommand("rules");
}

int run_rules_command(const CLI::App& root, const rules_commands& with) {
  if (root.get_subcommand("rules")->got_subcommand("import"))
    return import_rules(with.import);
  if (root.get_subcommand("rules")->got_subcommand("preset"))
    return apply_preset(with.preset);
  auto options = with.export_;
  if (options.file.empty())
    options.file = "-";
  return export_rules(options);
}

} // namespace headwater::tools
