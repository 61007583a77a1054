#include "tests/tools/scratch.hpp"
#include "tools/command_line.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace headwater::tools {
namespace {

bool is_refused(const std::string& arguments) {
  command_line line;
  try {
    line.root.parse(arguments);
    return false;
  } catch (const CLI::ParseError&) {
    return true;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line_of_the_program)

BOOST_AUTO_TEST_CASE(a_command_is_asked_for) {
  for (const auto* arguments : {"", "log", "token", "rules", "snapshot", "referrals", "nonsense",
                                "serve --no-such-flag", "token revoke", "man page"})
    BOOST_TEST(is_refused(arguments), arguments);
  BOOST_TEST(!is_refused("man"));
}

BOOST_AUTO_TEST_CASE(what_a_command_cannot_do_without_is_asked_for) {
  for (const auto* arguments :
       {"token create", "log verify", "log diff --data d --account a", "log export --data d --all",
        "log verify-export file", "rules import --account a --kind referrer-mappings",
        "rules export --account a", "rules preset --account a", "rules preset payment",
        "snapshot verify", "snapshot restore --from s", "snapshot prune --data d",
        "referrals push file --brand 1", "referrals push --brand 1 --connection c"})
    BOOST_TEST(is_refused(arguments), arguments);
}

BOOST_AUTO_TEST_CASE(what_does_not_go_together_is_refused) {
  for (const auto* arguments :
       {"log show --data d --account a --system", "log show --data d --json --human",
        "log export --data d -o f --all --account a", "log replay --data d --state",
        "snapshot create --url u --data d", "snapshot create --to t",
        "snapshot list --url u --dir d", "snapshot create --data d --token-file t"})
    BOOST_TEST(is_refused(arguments), arguments);
}

BOOST_AUTO_TEST_CASE(values_that_are_none_are_refused) {
  for (const auto* arguments :
       {"rules import f --account a --kind rules", "snapshot prune --dir d --keep 0",
        "rules import f --account a --kind referrer-mappings --mode both",
        "rules export --account a --kind referrer-mappings --format xml",
        "log show --data d --limit many", "referrals push f --brand x --connection c",
        "referrals push f --brand 1 --connection c --batch-size 0",
        "referrals push f --brand 1 --connection c --batch-size 10001",
        "referrals push f --brand 1 --connection c --retries 101",
        "referrals push f --brand 1 --connection c --decimal dot"})
    BOOST_TEST(is_refused(arguments), arguments);
}

BOOST_AUTO_TEST_CASE(each_command_reads_into_its_own_options) {
  command_line line;
  line.root.parse("rules import in.csv --account a --kind passthrough-referrers --mode replace "
                  "--dry-run --strict --allow-empty");
  BOOST_TEST(is_rules_command(line.root));
  BOOST_TEST(!is_log_command(line.root));
  BOOST_TEST(line.rules.import.file == "in.csv");
  BOOST_TEST(line.rules.import.mode == "replace");
  BOOST_TEST((line.rules.import.dry_run && line.rules.import.strict));
  BOOST_TEST(line.rules.import.allow_empty);
  BOOST_TEST(line.rules.export_.account == "");
  command_line other;
  other.root.parse("rules preset payment --account a --dry-run");
  BOOST_TEST(is_rules_command(other.root));
  BOOST_TEST(other.rules.preset.preset == "payment");
  BOOST_TEST((other.rules.preset.dry_run && !other.rules.import.dry_run));
}

BOOST_AUTO_TEST_CASE(the_address_of_a_server_may_come_from_the_environment) {
  const testing::variable set{"HEADWATER_URL", "http://elsewhere:1"};
  for (const auto* more : {"", " --url http://here:2"}) {
    command_line line;
    line.root.parse(std::string("referrals push - --brand 7 --connection c --map a=date "
                                "--map b=raw_page_value") +
                    more);
    BOOST_TEST(line.push.url == (*more == '\0' ? "http://elsewhere:1" : "http://here:2"));
    BOOST_TEST((line.push.maps == std::vector<std::string>{"a=date", "b=raw_page_value"}));
    BOOST_TEST(line.push.brand == 7);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
