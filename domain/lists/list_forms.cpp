#include "domain/lists/list_forms.hpp"

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace headwater::attribution {
namespace {

struct numbered_line {
  std::string_view text; ///< without blanks at its end
  std::size_t number = 0;

  [[nodiscard]] std::size_t indent() const { return text.find_first_not_of(' '); }
};

/// The lines that are neither blank nor a comment.
std::vector<numbered_line> lines_of(std::string_view text) {
  std::vector<numbered_line> out;
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && is_space(line.back()))
      line.remove_suffix(1);
    const auto first = line.find_first_not_of(" \t");
    if (first != line.npos && line[first] != '#')
      out.push_back({line, number});
  }
  return out;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                         text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// "Name:" at the start of a line.
std::optional<std::string_view> name_in(const numbered_line& line) {
  if (line.indent() != 0 || !line.text.ends_with(':') || line.text.starts_with("- "))
    return std::nullopt;
  const auto name = unquoted(line.text.substr(0, line.text.size() - 1));
  return name.empty() || name.size() > 100 || !is_valid_utf8(name) ? std::nullopt
                                                                   : std::optional(name);
}

/// What follows "  - ".
std::optional<std::string_view> item_in(const numbered_line& line) {
  const auto rest = line.text.substr(std::min(line.indent(), line.text.size()));
  return rest.starts_with("- ") ? std::optional(trim(rest.substr(2))) : std::nullopt;
}

bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
}

/// `{a: "b", c: d}`; nothing if it is not of this form.
std::optional<list_record> record_in(std::string_view text, std::size_t line) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}')
    return std::nullopt;
  list_record out{{}, line};
  for (auto rest = trim(text.substr(1, text.size() - 2)); !rest.empty();) {
    const auto colon = rest.find(": ");
    if (colon == rest.npos || !is_word(rest.substr(0, colon)))
      return std::nullopt;
    const auto member = rest.substr(0, colon);
    rest = trim(rest.substr(colon + 2));
    std::size_t end = 0;
    std::string_view value;
    if (rest.starts_with('"')) {
      end = rest.find('"', 1);
      if (end == rest.npos)
        return std::nullopt;
      value = rest.substr(1, end++ - 1);
    } else {
      end = std::min(rest.find(','), rest.size());
      value = trim(rest.substr(0, end));
    }
    if (value.empty() || !out.get(member).empty())
      return std::nullopt;
    out.members.emplace_back(member, value);
    rest = trim(rest.substr(end));
    if (rest.empty())
      break;
    if (!rest.starts_with(", "))
      return std::nullopt;
    rest = trim(rest.substr(2));
  }
  return out.members.empty() ? std::nullopt : std::optional(std::move(out));
}

bool is_host_byte(char c) {
  return is_alnum(c) || c == '.' || c == '-' || c == '_';
}

} // namespace

std::string_view list_record::get(std::string_view member) const {
  const auto found = std::ranges::find(members, member, &decltype(members)::value_type::first);
  return found == members.end() ? std::string_view() : found->second;
}

error list_error(const list_file& of, std::size_t line, std::string_view why) {
  return {errc::validation_error, std::string(of.path.empty() ? of.name : of.path) + ":" +
                                      std::to_string(line) + ": " + std::string(why)};
}

result<std::vector<named_entry>> read_hosts(const list_file& of) {
  std::vector<named_entry> out;
  for (const auto& line : lines_of(of.text)) {
    if (!std::ranges::all_of(line.text, is_host_byte) || line.text.find('.') == line.text.npos)
      return list_error(of, line.number, "not a host: " + quoted_key(line.text));
    out.push_back({{}, line.text, line.number});
  }
  return out;
}

result<std::vector<named_entry>> read_groups(const list_file& of) {
  std::vector<named_entry> out;
  std::string_view name;
  std::size_t named_at = 0;
  for (const auto& line : lines_of(of.text)) {
    if (const auto next = name_in(line)) {
      if (named_at != 0)
        return list_error(of, named_at, quoted_key(name) + " has no entries");
      name = *next;
      named_at = line.number;
      continue;
    }
    const auto item = item_in(line);
    if (!item || item->empty() || name.empty())
      return list_error(of, line.number, "cannot be read: " + quoted_key(line.text));
    auto text = unquoted(*item);
    if (item->starts_with('{')) {
      const auto record = record_in(*item, line.number);
      if (!record || record->get("entry").empty() || record->get("since").empty())
        return list_error(of, line.number,
                          "an entry without entry and since: " + quoted_key(*item));
      text = record->get("entry");
    }
    out.push_back({name, text, line.number});
    named_at = 0;
  }
  if (named_at != 0)
    return list_error(of, named_at, quoted_key(name) + " has no entries");
  return out;
}

result<std::vector<named_entry>> read_engines(const list_file& of) {
  std::vector<named_entry> out;
  std::string_view name;
  enum class part : std::uint8_t { none, urls, others } at = part::none;
  std::size_t named_at = 0; ///< where a name is that has no urls so far
  for (const auto& line : lines_of(of.text)) {
    if (const auto next = name_in(line)) {
      if (named_at != 0)
        return list_error(of, named_at, quoted_key(name) + " has no urls");
      name = *next;
      named_at = line.number;
      at = part::none;
      continue;
    }
    auto text = line.text.substr(line.indent() == line.text.npos ? 0 : line.indent());
    if (name.empty() || line.indent() == 0)
      return list_error(of, line.number, "cannot be read: " + quoted_key(line.text));
    if (text == "-")
      continue;
    // "  - urls:" begins an engine as "  -" and "    urls:" do.
    const bool is_item = text.starts_with("- ");
    const auto plain = is_item ? trim(text.substr(2)) : text;
    const auto colon = plain.find(':');
    const bool is_member = colon != plain.npos && is_word(plain.substr(0, colon)) &&
                           (colon + 1 == plain.size() || plain[colon + 1] == ' ');
    if (is_member) {
      const auto value = trim(plain.substr(colon + 1));
      at = plain.substr(0, colon) == "urls" && value.empty() ? part::urls : part::others;
      continue;
    }
    if (!is_item || at == part::none)
      return list_error(of, line.number, "cannot be read: " + quoted_key(line.text));
    if (at == part::urls) {
      out.push_back({name, unquoted(plain), line.number});
      named_at = 0;
    }
  }
  if (named_at != 0)
    return list_error(of, named_at, quoted_key(name) + " has no urls");
  return out;
}

result<std::vector<list_record>> read_records(const list_file& of) {
  std::vector<list_record> out;
  for (const auto& line : lines_of(of.text)) {
    const auto item = item_in(line);
    auto record = item ? record_in(*item, line.number) : std::nullopt;
    if (!record)
      return list_error(of, line.number, "cannot be read: " + quoted_key(line.text));
    out.push_back(std::move(*record));
  }
  return out;
}

result<std::vector<list_record>> read_members(const list_file& of) {
  std::vector<list_record> out;
  for (const auto& line : lines_of(of.text)) {
    if (const auto name = name_in(line)) {
      out.push_back({{{"file", *name}}, line.number});
      continue;
    }
    const auto text = trim(line.text);
    const auto colon = text.find(": ");
    if (out.empty() || line.indent() == 0 || colon == text.npos ||
        !is_word(text.substr(0, colon)) || !out.back().get(text.substr(0, colon)).empty())
      return list_error(of, line.number, "cannot be read: " + quoted_key(line.text));
    out.back().members.emplace_back(text.substr(0, colon), unquoted(trim(text.substr(colon + 2))));
  }
  return out;
}

} // namespace headwater::attribution
