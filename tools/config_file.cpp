#include "tools/config_file.hpp"

#include "domain/core/text.hpp"

#include <CLI/Config.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <vector>

namespace headwater::tools {
namespace {

/// A whole file of settings; throws if it is longer than any.
std::string read_config(std::istream& input) {
  constexpr std::size_t longest = std::size_t{1} << 20;
  std::string text(longest + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (input.bad())
    throw CLI::ConfigError("--config: the file cannot be read");
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > longest)
    throw CLI::ConfigError("--config: the file is longer than " + std::to_string(longest) +
                           " bytes");
  return text;
}

/// Checks that every line of a file of settings is one, in the way in which CLI11 reads lines. What
/// CLI11 itself says quotes the line, which may be of any file that this program can read.
class config_lines {
public:
  config_lines(const CLI::App& command, const std::string& text)
      : command_(command), lines_(text) {}

  void check() {
    constexpr std::size_t shortest = 3; // CLI11 skips what is shorter
    while (next()) {
      if (line_.size() < shortest || line_.front() == '#' || line_.front() == ';')
        continue;
      if (line_.front() == '[' && line_.back() == ']')
        check_section();
      else
        check_setting();
    }
  }

private:
  bool next() {
    ++number_;
    std::string whole;
    const bool got = static_cast<bool>(std::getline(lines_, whole));
    line_ = trimmed(whole);
    return got;
  }

  [[noreturn]] void refuse(const char* why) const {
    throw CLI::ConfigError("--config: line " + std::to_string(number_) + " " + why);
  }

  static std::string unquoted(std::string_view text) {
    const bool is_quoted = text.size() > 1 && text.front() == text.back() &&
                           (text.front() == '"' || text.front() == '\'');
    return std::string{is_quoted ? text.substr(1, text.size() - 2) : text};
  }

  void check_section() const {
    const auto name = std::string_view{line_}.substr(1, line_.size() - 2);
    if (unquoted(name) != command_.get_name() && ascii_lower(std::string{name}) != "default")
      refuse("is a section of something else");
  }

  void check_setting() {
    const auto equals = line_.find('=');
    const auto end = equals == line_.npos ? line_.find('#') : equals;
    auto name = unquoted(trimmed(std::string_view{line_}.substr(0, end)));
    if (const auto section = command_.get_name() + "."; name.starts_with(section))
      name.erase(0, section.size());
    const auto* option = command_.get_option_no_throw("--" + name);
    if (option == nullptr || !option->get_configurable())
      refuse("is no setting");
    if (equals == line_.npos)
      return;
    auto value = trimmed(std::string_view{line_}.substr(equals + 1));
    value = trimmed(value.substr(0, value.find('#')));
    bool is_list = value.size() > 1 && value.starts_with('[') && !value.ends_with(']');
    while (is_list) {
      if (!next())
        refuse("does not end its list");
      is_list = !line_.ends_with(']');
    }
  }

  const CLI::App& command_;
  std::istringstream lines_;
  std::string line_;
  std::size_t number_ = 0;
};

class subcommand_toml : public CLI::ConfigTOML {
public:
  explicit subcommand_toml(const CLI::App& command) : of_(command), command_(command.get_name()) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    const auto text = read_config(input);
    config_lines{of_, text}.check();
    std::istringstream checked{text};
    auto items = CLI::ConfigTOML::from_config(checked);
    std::erase_if(items, [](const CLI::ConfigItem& item) {
      // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no other threads yet
      return std::getenv(environment_name(item.name).c_str()) != nullptr;
    });
    for (auto& item : items)
      if (item.parents.empty())
        item.parents.push_back(command_);
    return items;
  }

private:
  const CLI::App& of_;
  std::string command_;
};

} // namespace

std::string environment_name(std::string flag) {
  std::ranges::transform(flag, flag.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return "HEADWATER_" + flag;
}

std::shared_ptr<CLI::Config> config_file_of(const CLI::App& command) {
  return std::make_shared<subcommand_toml>(command);
}

} // namespace headwater::tools
