#include "tools/manual_page.hpp"

#include "store/disk/data_directory.hpp"
#include "store/disk/key_file.hpp"

#include <CLI/Error.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater::tools {
namespace {

/// Escapes text for roff, which turns plain hyphens and quotes into typographic ones that a shell
/// does not understand.
std::string escaped(std::string_view text) {
  constexpr std::pair<char, std::string_view> escapes[] = {
      {'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"}, {'"', "\\(dq"},
      {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}};
  std::string out;
  for (const auto c : text) {
    const auto* known = std::ranges::find(escapes, c, &std::pair<char, std::string_view>::first);
    if (known == std::end(escapes))
      out += c;
    else
      out += known->second;
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

class page {
public:
  void macro(std::string_view name, std::string_view roff = {}) {
    text_ += '.';
    text_ += name;
    if (!roff.empty())
      text_ += ' ';
    text_ += roff;
    text_ += '\n';
  }
  /// Adds a line that is roff already. A dot at its beginning would make it a macro.
  void line(std::string_view roff) {
    if (roff.starts_with('.'))
      text_ += "\\&";
    text_ += roff;
    text_ += '\n';
  }
  void text(std::string_view plain) { line(escaped(plain)); }
  /// Adds a term and its description, both in roff.
  void entry(std::string_view head, std::string_view about) {
    macro("TP");
    line(head);
    line(about);
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

private:
  std::string text_;
};

std::string sentence(const std::string& text) {
  return text.ends_with('.') ? text : text + ".";
}

/// "headwater log verify"
std::string full_name(const CLI::App& command) {
  const auto* parent = command.get_parent();
  return (parent == nullptr ? "" : full_name(*parent) + " ") + command.get_name();
}

std::vector<CLI::App*> commands_of(CLI::App& command) {
  return command.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
}

/// All subcommands at any depth, each before its own.
std::vector<CLI::App*> all_commands(CLI::App& command) {
  std::vector<CLI::App*> out;
  for (auto* each : commands_of(command)) {
    out.push_back(each);
    const auto below = all_commands(*each);
    out.insert(out.end(), below.begin(), below.end());
  }
  return out;
}

/// CLI11 keeps option groups as subcommands without a name.
std::vector<CLI::App*> option_groups(CLI::App& command) {
  return command.get_subcommands([](const CLI::App* each) { return each->get_name().empty(); });
}

std::vector<CLI::Option*> positionals_of(CLI::App& command) {
  return command.get_options([](const CLI::Option* each) { return each->get_positional(); });
}

/// Leaves --help out, which every command has.
std::vector<CLI::Option*> options_of(CLI::App& command) {
  return command.get_options([&](const CLI::Option* each) {
    return each->nonpositional() && each != command.get_help_ptr();
  });
}

/// The value of an option: a placeholder for it, and which values are allowed.
struct taken_value {
  std::string name;
  std::string allowed;
};

/// Splits what CLI11 gives as one text, "NUMBER:1 to 256".
taken_value value_of(CLI::Option& option) {
  if (option.get_type_size() == 0)
    return {};
  taken_value out{option.get_type_name(), {}};
  try {
    out.allowed = option.get_validator()->get_description();
  } catch (const CLI::OptionNotFound&) {
    out.allowed.clear(); // any value is
  }
  if (!out.allowed.empty())
    out.name.resize(out.name.size() - out.allowed.size() - 1);
  return out;
}

/// "one of csv, json" of "{csv,json}"
std::string choices(const std::string& allowed) {
  if (!allowed.starts_with('{'))
    return allowed;
  std::string out = "one of ";
  for (const auto c : allowed.substr(1, allowed.size() - 2))
    out += c == ',' ? std::string(", ") : std::string(1, c);
  return out;
}

/// "-o, --output FILE"
std::string option_head(CLI::Option& option) {
  std::string out;
  for (const auto& name : option.get_snames())
    out += (out.empty() ? "" : ", ") + bold("-" + name);
  for (const auto& name : option.get_lnames())
    out += (out.empty() ? "" : ", ") + bold("--" + name);
  const auto value = value_of(option);
  if (!value.name.empty())
    out += " " + italic(value.name);
  return out;
}

/// Sorted by name: CLI11 orders them by address.
std::string names_of(const std::set<CLI::Option*>& options) {
  std::set<std::string> names;
  for (const auto* each : options)
    names.insert(each->get_name());
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + bold(name);
  return out;
}

std::string about(CLI::Option& option) {
  auto out = escaped(sentence(option.get_description()));
  const auto add = [&](const std::string& name, const std::string& roff) {
    if (!roff.empty())
      out += "\n" + name + ": " + roff + ".";
  };
  if (option.get_required() && !option.get_positional())
    out += "\nRequired.";
  add("Value", escaped(choices(value_of(option).allowed)));
  add("Default", escaped(option.get_default_str()));
  add("Environment", escaped(option.get_envname()));
  add("Only with", names_of(option.get_needs()));
  add("Not with", names_of(option.get_excludes()));
  return out;
}

std::string rule_of(const CLI::App& group) {
  return group.get_require_option_min() == 0 ? "At most one of these:" : "Exactly one of these:";
}

void add_options(page& to, CLI::App& command) {
  for (auto* each : positionals_of(command))
    to.entry(italic(each->get_name(true)), about(*each));
  for (auto* each : options_of(command))
    to.entry(option_head(*each), about(*each));
  for (auto* group : option_groups(command)) {
    to.macro("PP");
    if (!group->get_description().empty())
      to.text(sentence(group->get_description()));
    to.text(rule_of(*group));
    add_options(to, *group);
  }
}

/// Adds the text below a command's options: paragraphs, and examples, which are indented.
void add_footer(page& to, std::string_view text) {
  bool in_example = false, is_new = true;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_example = line.starts_with("  ");
    if (in_example && !is_example) {
      to.macro("fi");
      to.macro("RE");
      is_new = true;
    }
    if (is_example && !in_example) {
      to.macro("PP");
      to.macro("RS", "4");
      to.macro("nf");
    } else if (!is_example && is_new && !line.empty()) {
      to.macro("PP");
    }
    in_example = is_example;
    is_new = !is_example && (line.empty() || line.ends_with('.'));
    if (is_example)
      line.remove_prefix(2);
    if (!line.empty())
      to.text(line);
  }
  if (in_example) {
    to.macro("fi");
    to.macro("RE");
  }
}

std::string synopsis_of(CLI::App& command) {
  auto out = bold(full_name(command));
  bool has_more = !option_groups(command).empty();
  for (auto* each : options_of(command))
    if (each->get_required())
      out += " " + bold(each->get_name()) + " " + italic(value_of(*each).name);
    else
      has_more = true;
  if (has_more)
    out += " [" + italic("option") + " ...]";
  for (const auto* each : positionals_of(command)) {
    const auto name = italic(each->get_name(true));
    out += each->get_required() ? " " + name : " [" + name + "]";
  }
  return out;
}

void add_head(page& to, CLI::App& root) {
  to.macro("\\\"", "Made by `headwater man`.");
  to.macro("TH", "HEADWATER 1 \"\" \"headwater " HEADWATER_VERSION "\"");
  to.macro("SH", "NAME");
  const auto& what = root.get_description();
  to.text("headwater - " + what.substr(what.find(": ") + 2));
  to.macro("SH", "SYNOPSIS");
  for (auto* each : all_commands(root))
    if (commands_of(*each).empty()) {
      to.line(synopsis_of(*each));
      to.macro("br");
    }
  to.line(bold("headwater") + " [" + italic("command") + " ...] " + bold("--help"));
  to.macro("br");
  to.line(bold("headwater --version"));
  to.macro("SH", "DESCRIPTION");
  to.text("Headwater is a referral attribution service.");
  to.line(bold("headwater serve") + " keeps the rules of accounts, answers where visits came from, "
                                    "and takes counts of AI traffic, over HTTP.");
  to.text("The other commands work on its data directory, or talk to a running server.");
}

void add_commands(page& to, CLI::App& root) {
  to.macro("SH", "OPTIONS");
  to.entry(option_head(*root.get_help_ptr()), about(*root.get_help_ptr()));
  add_options(to, root);
  to.macro("SH", "COMMANDS");
  for (auto* each : all_commands(root)) {
    to.macro("SS", escaped(full_name(*each)));
    to.text(sentence(each->get_description()));
    add_options(to, *each);
    add_footer(to, each->get_footer());
  }
}

void add_environment(page& to, CLI::App& root) {
  std::map<std::string, std::string> variables = {
      {"HEADWATER_ADMIN_TOKEN", "The admin token of a new installation; without it " +
                                    bold("headwater serve") + " makes one and prints it once."},
      {"HEADWATER_TOKEN",
       "The API token for a running server, without " + bold("--token-file") + "."},
      {"TMPDIR", "Where " + bold("headwater referrals push") +
                     " keeps rows that do not fit in memory; without it /var/tmp."}};
  for (auto* command : all_commands(root))
    for (const auto* option : options_of(*command))
      if (const auto name = option->get_envname(); !name.empty()) {
        auto& about = variables[name];
        about += (about.empty() ? "" : "; ") + bold(option->get_name()) + " of " +
                 bold(full_name(*command));
      }
  to.macro("SH", "ENVIRONMENT");
  for (const auto& [name, about] : variables)
    to.entry(bold(name), about);
}

void add_exit_status(page& to) {
  to.macro("SH", "EXIT STATUS");
  to.entry(bold("0"), "Done; what was looked at is whole.");
  to.entry(bold("1"), "Something is wrong with what was looked at, or the server refused; of serve "
                      "and token: it could not be done. Standard error says why.");
  to.entry(bold("2"), "The command line makes no sense, it could not be tried, or its output could "
                      "not be written.");
}

void add_files(page& to) {
  const auto entry = [&](const std::filesystem::path& path, std::string_view about) {
    to.entry(italic(path.string()), about);
  };
  const std::filesystem::path data = "DIR";
  to.macro("SH", "FILES");
  entry(store::database_path(data), "The events, and the tables that are made of them.");
  entry(store::head_path(data), "Which event and which checkpoint are the last ones on disk.");
  entry(store::key_path(data), "The key that signs checkpoints. It is in no copy of the database.");
  entry(data / "snapshots", "Snapshots, where no other directory is given for them.");
}

} // namespace

std::string manual_page(CLI::App& root) {
  page out;
  add_head(out, root);
  add_commands(out, root);
  add_exit_status(out);
  add_environment(out, root);
  add_files(out);
  out.macro("SH", "SEE ALSO");
  out.text("README.md and docs/operations.md of the sources; /openapi.json of a running server.");
  return out.take();
}

} // namespace headwater::tools
