#include "tools/settings.hpp"

#include "domain/accounts/api_token.hpp"
#include "domain/accounts/web_origin.hpp"
#include "domain/core/text.hpp"
#include "domain/json/json_reader.hpp"
#include "http/addresses/networks.hpp"
#include "http/server/listener.hpp"
#include "tools/config_file.hpp"

#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <charconv>
#include <cmath>
#include <optional>

namespace headwater::tools {
namespace {

constexpr std::int64_t most_threads = 256;

/// Reads "90s", "30m", "6h", "2d" or "0" as seconds; nothing for anything else.
std::optional<std::chrono::seconds> read_interval(std::string_view text) {
  if (text == "0")
    return std::chrono::seconds{0};
  constexpr std::int64_t longest = 86'400 * 366;
  constexpr std::pair<char, std::int64_t> units[] = {
      {'s', 1}, {'m', 60}, {'h', 3'600}, {'d', 86'400}};
  std::int64_t count = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (wrong != std::errc{} || end + 1 != text.data() + text.size() || count < 1 || count > longest)
    return std::nullopt;
  for (const auto& [letter, seconds] : units)
    if (*end == letter && count * seconds <= longest)
      return std::chrono::seconds{count * seconds};
  return std::nullopt;
}

/// A number as people write it: 0.5, 30.
std::string decimal(double number) {
  auto out = std::to_string(number);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.')
    out.pop_back();
  return out;
}

class table {
public:
  explicit table(CLI::App& command) : command_(command) {}

  template <class Value>
  CLI::Option* plain(const std::string& name, Value& into, const std::string& help) {
    return finish(name, command_.add_option("--" + name, into, help)->capture_default_str());
  }

  /// On or off; true or false in the environment and in the file.
  void flag(const std::string& name, bool& into, const std::string& help) {
    finish(name, command_.add_flag("--" + name, into, help));
  }

  /// A number from 1 to `most`.
  template <class Value>
  CLI::Option* count(const std::string& name, Value& into, const std::string& help,
                     std::int64_t most = std::int64_t{1} << 40, std::int64_t least = 1) {
    return plain(name, into, help)
        ->check(CLI::Range(least, most, std::to_string(least) + " to " + std::to_string(most)))
        ->type_name("NUMBER");
  }

  /// The same from 0, or not given at all, which the help describes as `otherwise`.
  void maybe_count(const std::string& name, std::optional<std::size_t>& into,
                   const std::string& help, const std::string& otherwise) {
    constexpr std::int64_t most = std::int64_t{1} << 40;
    auto* option = command_.add_option_function<std::size_t>(
        "--" + name, [&into](const std::size_t& value) { into = value; }, help);
    finish(name, option->default_str(otherwise)->check(
                     CLI::Range(std::int64_t{0}, most, "0 to " + std::to_string(most))))
        ->type_name("NUMBER");
  }

  /// Addresses and networks, with commas between.
  void networks(const std::string& name, http::network_set& into, const std::string& help) {
    const auto is_network = [](const std::string& text) -> std::string {
      const auto read = http::parse_network(text);
      return read ? "" : read.error().message;
    };
    auto* option = command_.add_option_function<std::vector<std::string>>(
        "--" + name,
        [&into](const std::vector<std::string>& texts) {
          std::vector<http::network> out;
          out.reserve(texts.size());
          for (const auto& text : texts)
            out.push_back(*http::parse_network(text));
          into = http::network_set(std::move(out));
        },
        help);
    finish(name, option->delimiter(',')->default_str("")->check(is_network))
        ->type_name("NETWORK,...");
  }

  /// A time in seconds, such as 30 or 0.5.
  void seconds(const std::string& name, std::chrono::milliseconds& into, const std::string& help,
               double shortest = 0.001) {
    constexpr double longest = 86'400.0 * 366;
    const auto range = decimal(shortest) + " to " + decimal(longest);
    const auto is_within = [shortest, range](const std::string& text) -> std::string {
      double value = 0;
      const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
      const bool is_number = wrong == std::errc{} && end == text.data() + text.size();
      // Every comparison with "nan" is false.
      return is_number && value >= shortest && value <= longest
                 ? ""
                 : "Value " + text + " not in range " + range;
    };
    auto* option = command_.add_option_function<double>(
        "--" + name,
        [&into](const double& value) {
          into = std::chrono::milliseconds{std::llround(value * 1000)};
        },
        help);
    finish(name, option->default_str(decimal(static_cast<double>(into.count()) / 1000))
                     ->check(is_within, range))
        ->type_name("SECONDS");
  }

  /// An interval with its unit, such as 6h; 0 turns it off.
  void interval(const std::string& name, std::chrono::seconds& into, const std::string& help) {
    const auto is_interval = [](const std::string& text) -> std::string {
      return read_interval(text) ? "" : "'" + text + "' is no interval such as 90s, 30m, 6h or 2d";
    };
    auto* option = command_.add_option_function<std::string>(
        "--" + name, [&into](const std::string& text) { into = *read_interval(text); }, help);
    finish(name, option->default_str("0")->check(is_interval))->type_name("INTERVAL");
  }

private:
  static CLI::Option* finish(const std::string& name, CLI::Option* option) {
    return option->envname(environment_name(name));
  }

  CLI::App& command_;
};

void add_service(table& in, actors::service_settings& s) {
  in.plain("data", s.data, "Directory of the event log; created if missing")
      ->required()
      ->type_name("DIR");
  in.count("max-rules", s.limits.max_rules, "Rules of an account, for each kind");
  in.count("max-events", s.limits.max_events, "Rows in one pushed batch");
  in.count("max-account-bytes", s.limits.quota.bytes,
           "Bytes of an account's events; beyond it 422 quota_exceeded");
  in.count("max-account-events", s.limits.quota.events,
           "Events of an account; beyond it 422 quota_exceeded");
  in.count("max-account-tokens", s.limits.account_tokens,
           "Usable API tokens of an account; beyond it 422 quota_exceeded");
  in.count("max-brand-connections", s.limits.brand_connections,
           "Connections of a brand, disabled ones included; beyond it 422 quota_exceeded");
  in.count("low-water-percent", s.limits.low_water.percent,
           "Part of the disk that stays free: below it changes that add are 503; 0: none", 50, 0);
  in.count("low-water-bytes", s.limits.low_water.most, "The most that it may be, in bytes");
  in.count("ingest-queue", s.limits.ingest_queue,
           "Pushed batches that wait in one ingest worker; more are answered 503");
  in.count("state-events", s.limits.state_events,
           "Keep an account's rules after this many events, so that it loads faster; 0: never",
           std::int64_t{1} << 40, 0);
  in.seconds("passivate-after", s.passivate_after,
             "Unload an account after this long without requests");
  in.count("readers", s.readers, "Threads for look-ups and lists", most_threads);
  in.count("loaders", s.loaders, "Threads that bring accounts into memory", most_threads);
  in.count("report-readers", s.report_readers, "Threads for reports", most_threads);
  in.count("ingest-workers", s.ingest_workers, "Threads that process pushed batches", most_threads);
  in.count("scheduler-threads", s.scheduler_threads, "Threads that run account actors",
           most_threads);
  in.count("block-cache-bytes", s.block_cache_bytes, "Memory for blocks of the database");
  in.plain("snapshot-dir", s.snapshots.directory,
           "Where snapshots are kept; without it, snapshots in the data directory")
      ->type_name("DIR");
  in.interval("snapshot-every", s.snapshots.every,
              "Make a snapshot this often, such as 90s, 30m, 6h or 2d; 0 for none");
  in.count("snapshot-keep", s.snapshots.keep,
           "Scheduled snapshots to keep; older ones are removed after each success");
  in.seconds("checkpoint-seconds", s.checkpoints.every,
             "Sign a checkpoint of new events this often; 0: no Merkle tree and no checkpoints", 0);
  in.count("checkpoint-events", s.checkpoints.events, "Sign one sooner after so many new events");
  in.flag("accept-clock", s.accept_clock,
          "Start though the clock is before the log's last event, or over 400 days after all that "
          "is known");
  in.plain("origin", s.checkpoints.origin,
           "Name of the log in its checkpoints; used only when the signing key is made")
      ->type_name("NAME");
}

void add_http_limits(table& in, http::settings& s) {
  in.count("max-header-bytes", s.header_limit, "Request line and header fields");
  in.count("max-body-bytes", s.body_limit, "Body of a request for rules or accounts");
  in.count("max-events-bytes", s.events_limit, "Body of a pushed batch");
  in.count("max-resolve-bytes", s.resolve_limit, "JSON body of /resolve");
  in.count("max-import-bytes", s.import_limit, "Body of an import of rules");
  in.count("max-import-rules", s.import_rules, "Rows of an import of rules");
  in.count("max-line-bytes", s.line_limit, "One NDJSON line of /resolve");
  in.count("json-depth", s.json_depth, "Levels of arrays and objects in a body",
           static_cast<std::int64_t>(max_json_depth));
  in.count("max-visits", s.visits_limit, "Visits in one JSON body of /resolve");
  in.count("max-connections", s.connections_limit,
           "Open connections; beyond it the longest idle one ends, or 503");
  in.count(
      "max-in-flight", s.in_flight_limit,
      "Requests at work per io thread, without those that wait for their clients; beyond it 503");
  in.count(
      "max-body-memory", s.body_memory,
      "Bytes of large bodies in memory, half for one account, the other half for those that have "
      "a sixteenth at most; beyond it 503");
  in.count(
      "max-followers", s.followers,
      "Clients that follow events; a quarter for one account, half for those that have none yet");
  in.count("max-answer-memory", s.answer_memory,
           "Bytes of large answers in memory, half for one account; beyond it 503");
}

void add_rates(table& in, http::settings& s) {
  in.count("rate-limit", s.rate_limit,
           "Requests of a token a minute, but for /resolve; beyond it 429; 0: any number",
           accounts::most_requests_a_minute, 0);
  in.count("failed-logins", s.failed_logins,
           "Requests without a valid token from one address a second; beyond it 429; 0: any number",
           accounts::most_requests_a_minute, 0);
}

void add_clients(table& in, http::settings& s) {
  in.networks(
      "trusted-proxies", s.trusted_proxies,
      "Addresses and networks of proxies whose X-Forwarded-For says where a request is from");
  in.flag("proxy-protocol", s.proxy_protocol,
          "Trusted proxies begin each connection with a header of the PROXY protocol, version 2");
  in.maybe_count(
      "max-connections-per-address", s.connections_of_address,
      "Open connections from one IPv4 address or IPv6 /64, loopback too, but for trusted "
      "proxies; 0: any number",
      "a quarter of --max-connections, any number from loopback");
}

void add_http(table& in, http::settings& s) {
  const auto is_address = [](const std::string& text) -> std::string {
    const auto read = http::parse_endpoint(text);
    return read ? "" : read.error().message;
  };
  in.plain("listen", s.listen, "Address and port; port 0 takes any free one")
      ->check(is_address)
      ->type_name("ADDR:PORT");
  in.plain("ops-listen", s.ops_listen,
           "A second address, for operators: /metrics, /readyz in detail, /snapshots, /livez")
      ->check([=](const std::string& text) { return text.empty() ? "" : is_address(text); })
      ->type_name("ADDR:PORT");
  in.plain("tls-cert", s.tls_certificate, "PEM file of the certificate chain, for HTTPS")
      ->type_name("FILE");
  in.plain("tls-key", s.tls_key, "PEM file of its key; SIGHUP reads both again")->type_name("FILE");
  in.count("io-threads", s.io_threads, "Threads that serve connections", most_threads)
      ->default_str("by cores"); // so that the help is the same on every machine
  in.seconds("header-timeout", s.header_timeout, "From a request's first byte to its body");
  in.seconds("body-timeout", s.body_timeout, "For a whole body");
  in.seconds("stream-timeout", s.stream_timeout, "Without a byte, in a stream");
  in.seconds("idle-timeout", s.idle_timeout, "Between two requests of a connection");
  in.seconds("drain-timeout", s.drain_timeout, "Reading on after an early answer");
  in.count("max-drain-bytes", s.drain_limit, "Bytes read on after an early answer");
  in.seconds("command-timeout", s.command_timeout, "Until a change is answered 503");
  in.seconds("stop-timeout", s.stop_timeout, "For requests in flight at SIGTERM");
  const auto is_public_path = [](const std::string& text) -> std::string {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
    const bool is_path = text.empty() || (text.starts_with('/') && !text.ends_with('/') &&
                                          text.find("//") == text.npos &&
                                          text.find_first_not_of(allowed) == text.npos);
    return is_path ? ""
                   : text + " is not a path such as /hw: a slash in front, none at its end, of "
                            "letters, digits and -._~";
  };
  in.plain("public-path", s.public_path,
           "What a proxy has in front of all paths, such as /hw; the console's page names its "
           "files below it")
      ->check(is_public_path)
      ->default_str("")
      ->type_name("PATH");
  const auto is_origin = [](const std::string& text) -> std::string {
    const auto normal = accounts::normal_origin(text);
    if (text == "*" || normal == text)
      return "";
    return text + " is not an origin as browsers send it, such as " +
           normal.value_or("https://shop.example") + ", and not *";
  };
  in.plain("cors-origins", s.cors_origins, "Origins that browsers may call from, or *")
      ->check(is_origin)
      ->delimiter(',')
      ->default_str("")
      ->type_name("ORIGIN,...");
  add_http_limits(in, s);
  add_rates(in, s);
  add_clients(in, s);
}

} // namespace

void add_settings(CLI::App& root, CLI::App& command, settings& into) {
  root.set_config("--config", "",
                  "TOML file with settings by their flags' names, such as "
                  "listen = \"127.0.0.1:8080\"")
      ->type_name("FILE");
  root.config_formatter(config_file_of(command));
  root.allow_config_extras(CLI::config_extras_mode::error);
  command.fallthrough();
  table in{command};
  add_service(in, into.service);
  add_http(in, into.http);
  in.flag("allow-readable-data", into.allow_readable_data,
          "Start on a data directory that others than its owner may look into, and let its group "
          "read new files (umask 027)");
  in.plain("lists", into.lists,
           "Directory with newer lists of sources and public suffixes, by the names of the shipped "
           "files; SIGHUP reads them again")
      ->type_name("DIR");
  in.plain("log-level", into.log_level, "What goes to stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  command.footer(
      "Each setting is also an environment variable, HEADWATER_ and its name in capitals "
      "with _ for -,\nand a key of the TOML file given by --config FILE. "
      "HEADWATER_ADMIN_TOKEN sets the first token.");
}

} // namespace headwater::tools
