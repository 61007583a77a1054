#include "tests/tools/scratch.hpp"
#include "tools/command_line.hpp"
#include "tools/manual_page.hpp"

#include <CLI/Formatter.hpp>

#include <array>
#include <cstdio>
#include <regex>
#include <set>

namespace headwater::tools {
namespace {

std::string page() {
  command_line line;
  return manual_page(line.root);
}

/// What roff text shows, without its fonts.
std::string shown(std::string text) {
  const std::pair<const char*, const char*> escapes[] = {
      {R"(\\f[BIR]|\\&)", ""}, {R"(\\-)", "-"},    {R"(\\\(aq)", "'"},
      {R"(\\\(dq)", "\""},     {R"(\\\(ga)", "`"}, {R"(\\e)", "\\"}};
  for (const auto& [escape, plain] : escapes)
    text = std::regex_replace(text, std::regex(escape), plain);
  return text;
}

/// What stands between a heading and the next one.
std::string section(const std::string& of, const std::string& heading) {
  const auto begin = of.find(heading + "\n");
  BOOST_REQUIRE_MESSAGE(begin != of.npos, heading);
  const auto end = std::min(of.find("\n.S", begin + 1), of.size());
  return shown(of.substr(begin, end - begin));
}

std::string hyphens_as_roff(std::string text) {
  return std::regex_replace(text, std::regex("-"), "\\-");
}

/// Flags, and words for positional arguments, at the beginnings of the help's lines.
std::set<std::string> told_by_help(const CLI::App& command) {
  std::set<std::string> out;
  const auto help = command.help("", CLI::AppFormatMode::Normal);
  const std::regex told(R"(\n {2,5}((?:-\w,)?--[\w-]+|[A-Z]+)(?=[ \n]))");
  for (std::sregex_iterator at(help.begin(), help.end(), told), end; at != end; ++at) {
    const std::string names = (*at)[1];
    out.insert(names.substr(names.rfind(',') + 1));
  }
  return out;
}

void check_commands(CLI::App& command, const std::string& name, const std::string& whole,
                    std::size_t& options) {
  for (auto* each :
       command.get_subcommands([](CLI::App* sub) { return !sub->get_name().empty(); })) {
    const auto full = name + " " + each->get_name();
    const auto text = section(whole, ".SS " + hyphens_as_roff(full));
    BOOST_TEST(text.find(each->get_description()) != text.npos, full);
    for (const auto& option : told_by_help(*each)) {
      if (option == "--help")
        continue;
      ++options;
      BOOST_TEST(std::regex_search(text, std::regex("\n(-\\w, )?" + option + "( |\n)")),
                 full + ": " + option);
    }
    check_commands(*each, full, whole, options);
  }
}

/// What a program prints on both streams.
std::string output_of(const std::string& shell_command) {
  std::string out;
  auto* pipe = ::popen((shell_command + " 2>&1").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> piece{};
  while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe))
    out.append(piece.data(), size);
  BOOST_TEST(::pclose(pipe) == 0, out);
  return out;
}

/// For a test that is skipped where the program is not there.
struct has_program {
  const char* name;

  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result out(
        std::system((std::string("command -v ") + name + " > /dev/null").c_str()) == 0);
    out.message() << name << " is not installed";
    return out;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(manual_page_of_the_program)

BOOST_AUTO_TEST_CASE(every_option_of_every_help_stands_with_its_command) {
  const auto whole = page();
  command_line line;
  std::size_t options = 0;
  check_commands(line.root, "headwater", whole, options);
  BOOST_TEST(options > 90U);
  const auto general = section(whole, ".SH OPTIONS");
  for (const auto* option : {"-h, --help", "--version", "--config FILE"})
    BOOST_TEST(general.find(std::string("\n") + option + "\n") != general.npos, option);
}

BOOST_AUTO_TEST_CASE(an_option_has_its_value_default_and_variable) {
  const auto serve = section(page(), ".SS headwater serve");
  BOOST_TEST(serve.find("\n--readers NUMBER\nThreads for look-ups and lists.\nValue: 1 to 256.\n"
                        "Default: 2.\nEnvironment: HEADWATER_READERS.\n") != serve.npos);
  BOOST_TEST(serve.find("Value: one of debug, info, warn, error.\n") != serve.npos);
  BOOST_TEST(serve.find("\n--snapshot-every INTERVAL\n") != serve.npos);
  BOOST_TEST(serve.find("\nValue: 0.001 to 31622400.\nDefault: 300.\n") != serve.npos);
}

BOOST_AUTO_TEST_CASE(what_goes_together_and_what_does_not_is_told) {
  const auto whole = page();
  const auto create = section(whole, ".SS headwater snapshot create");
  BOOST_TEST(
      create.find("\n--token-file FILE\nFile with an admin's API token.\nOnly with: --url.\n") !=
      create.npos);
  BOOST_TEST(create.find("\nNot with: --data, --to.\n") != create.npos);
  const auto show = section(whole, ".SS headwater log show");
  BOOST_TEST(show.find("\nAt most one of these:\n.TP\n--account TEXT\n") != show.npos);
  const auto written = section(whole, ".SS headwater log export");
  BOOST_TEST(written.find("\nExactly one of these:\n.TP\n--account TEXT\n") != written.npos);
}

BOOST_AUTO_TEST_CASE(synopsis_names_what_a_command_cannot_do_without) {
  const auto synopsis = section(page(), ".SH SYNOPSIS");
  for (const auto* line :
       {"headwater serve --data DIR [option ...]\n",
        "headwater log verify-export --key TEXT [option ...] FILE\n",
        "headwater snapshot verify [option ...] DIR\n",
        "headwater log export --data TEXT --output TEXT [option ...]\n", "headwater man\n"})
    BOOST_TEST(synopsis.find(line) != synopsis.npos, line);
}

BOOST_AUTO_TEST_CASE(examples_keep_their_lines_and_backslashes) {
  const auto whole = page();
  BOOST_TEST(whole.find(".nf\nheadwater referrals push ga4\\-2026.csv \\-\\-brand 1") !=
             whole.npos);
  BOOST_TEST(whole.find("\\-\\-connection 01JD... \\e\n    \\-\\-map day=date") != whole.npos);
  BOOST_TEST(whole.find("url=raw_page_value \\-\\-map from=raw_referrer_value\n.fi\n.RE\n") !=
             whole.npos);
}

BOOST_AUTO_TEST_CASE(it_has_all_sections_of_a_page) {
  const auto whole = page();
  for (const auto* name : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS",
                           "ENVIRONMENT", "FILES", "SEE ALSO"})
    BOOST_TEST(section(whole, std::string(".SH ") + name).size() > 30U, name);
  BOOST_TEST(section(whole, ".SH ENVIRONMENT")
                 .find("\nHEADWATER_URL\n--url of headwater rules import; --url of headwater rules "
                       "export; --url of headwater rules preset; --url of headwater referrals "
                       "push\n") != whole.npos);
  BOOST_TEST(whole.find("\n.SH COMMANDS\n.SS headwater serve\n") != whole.npos);
  BOOST_TEST(section(whole, ".SH FILES").find("\nDIR/signing_key\n") != whole.npos);
}

BOOST_AUTO_TEST_CASE(every_byte_of_it_is_plain_ascii_and_every_line_roff) {
  const auto whole = page();
  for (const auto c : whole)
    BOOST_REQUIRE((c == '\n' || (c >= ' ' && c <= '~')));
  const std::regex line(R"re((\.(\\"|[A-Z]{2}|br|nf|fi)( .*)?|[^.' ].*| +[^ ].*))re");
  const std::regex escape(R"re((?:[^\\]|\\(?:e|-|&|f[BIR]|\((?:aq|dq|ga|ha|ti)))*)re");
  std::istringstream lines(whole.substr(whole.find('\n') + 1)); // behind the comment
  for (std::string one; std::getline(lines, one);) {
    BOOST_TEST(std::regex_match(one, line), one);
    BOOST_TEST(std::regex_match(one, escape), one);
  }
}

BOOST_AUTO_TEST_CASE(it_is_the_same_each_time) {
  BOOST_TEST(page() == page());
}

BOOST_AUTO_TEST_CASE(a_text_of_any_kind_stays_text) {
  CLI::App root{"any: what it is", "any"};
  auto* one = root.add_subcommand("one", ".SH a 'dot' and a \\(bu");
  one->add_option("--x-y", ".so /etc/passwd");
  one->footer("'ne 7\n  .in example\n\n  \\n[year]");
  const auto whole = manual_page(root);
  for (const auto* line :
       {"\n\\&.SH a \\(aqdot\\(aq and a \\e(bu.\n", "\n\\&.so /etc/passwd.\n", "\n\\(aqne 7\n",
        "\n.nf\n\\&.in example\n.fi\n", "\n.nf\n\\en[year]\n.fi\n", "\\-\\-x\\-y"})
    BOOST_TEST(whole.find(line) != whole.npos, line);
}

BOOST_AUTO_TEST_CASE(man_shows_it_without_a_warning,
                     *boost::unit_test::precondition(has_program{"man"})) {
  testing::scratch in;
  const auto file = in.file("headwater.1", page());
  BOOST_TEST(output_of("LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 "
                       "-Z '" +
                       file + "' > /dev/null") == "");
  const auto shown = output_of("LC_ALL=C MANWIDTH=100 man -l -P cat '" + file + "'");
  BOOST_TEST(shown.find("headwater snapshot restore --from DIR --data NEW") != shown.npos);
}

BOOST_AUTO_TEST_CASE(mandoc_finds_no_error_in_it,
                     *boost::unit_test::precondition(has_program{"mandoc"})) {
  testing::scratch in;
  const auto file = in.file("headwater.1", page());
  BOOST_TEST(output_of("mandoc -T lint -W error '" + file + "'") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
