#include "tests/tools/scratch.hpp"
#include "tools/settings.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace headwater::tools {
namespace {

using namespace std::chrono_literals;
using testing::scratch;
using testing::variable;

/// What `headwater serve --data d` and more arguments set; throws what a bad one does.
settings read(std::vector<std::string> arguments) {
  settings out;
  CLI::App root{"", "headwater"};
  add_settings(root, *root.add_subcommand("serve"), out);
  arguments.insert(arguments.begin(), {"serve", "--data", "d"});
  std::reverse(arguments.begin(), arguments.end()); // as CLI11 takes them
  root.parse(arguments);
  return out;
}

bool is_bad_setting(std::vector<std::string> arguments) {
  try {
    static_cast<void>(read(std::move(arguments)));
    return false;
  } catch (const CLI::ParseError&) {
    return true;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings_of_the_service)

BOOST_AUTO_TEST_CASE(what_is_not_given_stays_as_it_was) {
  const auto got = read({});
  const settings untouched;
  BOOST_TEST(got.service.data.string() == "d");
  BOOST_TEST(got.http.listen == untouched.http.listen);
  BOOST_TEST(got.http.io_threads == untouched.http.io_threads);
  BOOST_TEST(got.http.cors_origins.empty());
  BOOST_TEST((got.http.body_timeout == untouched.http.body_timeout));
  BOOST_TEST((got.service.snapshots.every == 0s));
}

BOOST_AUTO_TEST_CASE(a_service_has_a_data_directory) {
  settings out;
  CLI::App root{"", "headwater"};
  add_settings(root, *root.add_subcommand("serve"), out);
  const variable unset{"HEADWATER_DATA", nullptr};
  BOOST_CHECK_THROW(root.parse("serve"), CLI::RequiredError);
  const variable set{"HEADWATER_DATA", "from/environment"};
  root.parse("serve");
  BOOST_TEST(out.service.data.string() == "from/environment");
}

BOOST_AUTO_TEST_CASE(seconds_may_have_decimals) {
  BOOST_TEST((read({"--body-timeout", "0.5"}).http.body_timeout == 500ms));
  BOOST_TEST((read({"--body-timeout", "0.0015"}).http.body_timeout == 2ms));
  BOOST_TEST((read({"--checkpoint-seconds", "0"}).service.checkpoints.every == 0ms));
  for (const auto* wrong : {"0", "0.0001", "-1", "31622401", "1s", "", "nan", "1e99"})
    BOOST_TEST(is_bad_setting({"--body-timeout", wrong}), wrong);
}

BOOST_AUTO_TEST_CASE(an_interval_has_a_unit_or_is_none) {
  const auto every = [](const char* text) {
    return read({"--snapshot-every", text}).service.snapshots.every;
  };
  BOOST_TEST((every("90s") == 90s));
  BOOST_TEST((every("30m") == 30min));
  BOOST_TEST((every("6h") == 6h));
  BOOST_TEST((every("366d") == 24h * 366));
  BOOST_TEST((every("0") == 0s));
  for (const auto* wrong : {"0s", "90", "367d", "6 h", "h", "-6h", "6H", "6hh", "1.5h",
                            "99999999999999999999s", "9223372036854775807d"})
    BOOST_TEST(is_bad_setting({"--snapshot-every", wrong}), wrong);
}

BOOST_AUTO_TEST_CASE(trusted_proxies_are_addresses_and_networks) {
  const auto got = read({"--trusted-proxies", "10.0.0.0/8,2001:db8::1"}).http.trusted_proxies;
  const auto holds = [&](const char* text) {
    return got.contains(boost::asio::ip::make_address(text));
  };
  BOOST_TEST(holds("10.1.2.3"));
  BOOST_TEST(holds("2001:db8::1"));
  BOOST_TEST(!holds("192.0.2.1"));
  BOOST_TEST(read({}).http.trusted_proxies.empty());
  for (const auto* wrong : {"10.0.0.1/8", "proxy.example", "10.0.0.0/8,x", "10.0.0.0/33"})
    BOOST_TEST(is_bad_setting({"--trusted-proxies", wrong}), wrong);
}

BOOST_AUTO_TEST_CASE(connections_of_an_address_have_a_default_of_their_own) {
  BOOST_TEST(!read({}).http.connections_of_address.has_value());
  BOOST_TEST(read({"--max-connections-per-address", "0"}).http.connections_of_address.value() ==
             0U);
  BOOST_TEST(read({"--max-connections-per-address", "7"}).http.connections_of_address.value() ==
             7U);
  BOOST_TEST(is_bad_setting({"--max-connections-per-address", "-1"}));
}

BOOST_AUTO_TEST_CASE(a_number_lies_within_its_limits) {
  BOOST_TEST(read({"--readers", "256"}).service.readers == 256U);
  BOOST_TEST(read({"--state-events", "0"}).service.limits.state_events == 0U);
  BOOST_TEST(read({"--json-depth", "32"}).http.json_depth == 32U);
  for (const auto* flag : {"--readers", "--json-depth", "--max-rules", "--io-threads"})
    for (const auto* wrong : {"0", "-1", "1099511627777", "1.5", "x", ""})
      BOOST_TEST(is_bad_setting({flag, wrong}), flag << " " << wrong);
  BOOST_TEST(is_bad_setting({"--readers", "257"}));
  BOOST_TEST(is_bad_setting({"--json-depth", "33"})); // what the parsers take
}

BOOST_AUTO_TEST_CASE(origins_are_a_list) {
  const auto got = read({"--cors-origins", "https://a.example,https://b.example:8443"});
  BOOST_TEST((got.http.cors_origins ==
              std::vector<std::string>{"https://a.example", "https://b.example:8443"}));
}

BOOST_AUTO_TEST_CASE(flag_wins_over_environment_and_environment_over_file) {
  const scratch in;
  const auto file = in.file("a.toml", "readers = 3\nloaders = 4\nlog-level = \"warn\"\n");
  {
    const variable set{"HEADWATER_READERS", "5"};
    const auto got = read({"--config", file});
    BOOST_TEST(got.service.readers == 5U);
    BOOST_TEST(got.service.loaders == 4U);
    BOOST_TEST(got.log_level == "warn");
    BOOST_TEST(read({"--config", file, "--readers", "6"}).service.readers == 6U);
  }
  BOOST_TEST(read({"--config", file}).service.readers == 3U);
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_named_by_its_line_and_not_quoted) {
  const scratch in;
  const auto complaint = [&](const std::string& text) -> std::string {
    try {
      static_cast<void>(read({"--config", in.file("a.toml", text)}));
      return "";
    } catch (const CLI::ParseError& what) {
      return what.what();
    }
  };
  const std::string good = "# limits\n\nreaders = 3\n";
  for (const auto* secret :
       {"root:$6$secret:19000::::::", "secret = 1", "secret.key = 1", "\"secret\" = \"a\"",
        "readers-secret", "serve.secret = 2", "help = \"secret\"", "secret = [1,", "=secret"})
    BOOST_TEST(complaint(good + secret + "\nloaders = 4\n") == "--config: line 4 is no setting",
               secret);
  BOOST_TEST(complaint(good + "[secret]\nreaders = 3\n") ==
             "--config: line 4 is a section of something else");
  BOOST_TEST(complaint(good + "cors-origins = [\"https://secret\",\n") ==
             "--config: line 5 does not end its list");
  BOOST_TEST(complaint(std::string((1 << 20) + 1, '\n')) ==
             "--config: the file is longer than 1048576 bytes");
  BOOST_TEST(is_bad_setting({"--config", "/dev/zero"}));
  BOOST_TEST(is_bad_setting({"--config", in.path("")})); // a directory
}

BOOST_AUTO_TEST_CASE(a_file_of_settings_may_have_lists_comments_and_its_section) {
  const scratch in;
  const auto got =
      read({"--config", in.file("a.toml", "; old style\n[default]\nreport-readers = 3 # few\n"
                                          "serve.readers = 5\n"
                                          "[serve]\ncors-origins = [\"https://a.example\",\n"
                                          "  \"https://b.example\"]\n\"loaders\" = 4\n"
                                          "log-level = 'warn'\n"
                                          "allow-readable-data # yes\n")});
  BOOST_TEST(got.service.report_readers == 3U);
  BOOST_TEST(got.service.readers == 5U);
  BOOST_TEST(got.service.loaders == 4U);
  BOOST_TEST(got.log_level == "warn");
  BOOST_TEST(got.allow_readable_data);
  BOOST_TEST((got.http.cors_origins ==
              std::vector<std::string>{"https://a.example", "https://b.example"}));
}

BOOST_AUTO_TEST_CASE(a_file_with_unknown_or_wrong_values_is_refused) {
  const scratch in;
  for (const auto* text : {"reader = 3\n", "readers = \"many\"\n", "readers = 0\n",
                           "log-level = \"loud\"\n", "[serve]\nnonsense = 1\n"})
    BOOST_TEST(is_bad_setting({"--config", in.file("wrong.toml", text)}), text);
  BOOST_TEST(is_bad_setting({"--config", in.path("missing.toml")}));
}

BOOST_AUTO_TEST_CASE(an_empty_file_sets_nothing) {
  const scratch in;
  for (const auto* text : {"", "\n", "# nothing\n"})
    BOOST_TEST(read({"--config", in.file("empty.toml", text)}).service.readers ==
               settings{}.service.readers);
}

BOOST_AUTO_TEST_CASE(a_bad_variable_is_refused_as_a_bad_flag_is) {
  const variable set{"HEADWATER_SNAPSHOT_EVERY", "often"};
  BOOST_TEST(is_bad_setting({}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
