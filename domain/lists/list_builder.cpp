#include "domain/lists/list_builder.hpp"

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/core/time.hpp"
#include "domain/core/try.hpp"
#include "domain/hosts/domain_name.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

enum class list_form : std::uint8_t { groups = 1, engines };

/// A list of sources. Of entries that cover the same part of a host that of the first list counts.
struct list_kind {
  std::string_view file;
  std::string_view name;
  source_kind kind;
  list_form form = list_form::groups;
  bool is_own = true;
};

constexpr std::array<list_kind, 8> kinds{{
    {"video.yml", "video", source_kind::video},
    {"shopping.yml", "shopping", source_kind::shopping},
    {"mail.yml", "mail", source_kind::email},
    {"messengers.yml", "messengers", source_kind::messenger},
    {"search_additions.yml", "search-additions", source_kind::search},
    {"social_additions.yml", "social-additions", source_kind::social},
    {"SearchEngines.yml", "search-engines", source_kind::search, list_form::engines, false},
    {"Socials.yml", "social-networks", source_kind::social, list_form::groups, false},
}};

constexpr std::string_view suffix_file = "public_suffix_list.dat", spam_file = "spammers.txt",
                           alias_file = "aliases.yml", click_file = "click_ids.yml",
                           correction_file = "corrections.yml", origin_file = "origins.yml";

/// Names of lists by file, those of `kinds` aside.
std::string_view name_of_file(std::string_view file) {
  for (const auto& each : kinds)
    if (each.file == file)
      return each.name;
  if (file == suffix_file)
    return "public-suffixes";
  if (file == spam_file)
    return "spam";
  if (file == alias_file)
    return "aliases";
  if (file == click_file)
    return "click-ids";
  return "corrections";
}

bool is_date(std::string_view text) {
  constexpr std::string_view form = "0000-00-00";
  if (text.size() != form.size())
    return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
      return false;
  return parse_date(text).has_value();
}

/// The day in "// VERSION: 2026-08-19_10-54-12_UTC" at the start of a public suffix list.
std::string_view version_day(std::string_view text) {
  constexpr std::string_view word = "// VERSION: ";
  const auto at = text.substr(0, 4096).find(word);
  return at == text.npos ? std::string_view() : text.substr(at + word.size(), 10);
}

bool is_package(std::string_view text) {
  return (text.starts_with("com.") || text.starts_with("org.")) &&
         std::ranges::count(text, '.') >= 2;
}

bool is_app_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-';
  });
}

/// Labels as a host has them; one alone will do.
bool is_labels(std::string_view text) {
  return is_domain_name(std::string(text) + ".com");
}

} // namespace

const list_file& source_lists::builder::file(std::string_view name) const {
  const auto found = std::ranges::find(replaced_, name, &list_file::name);
  if (found != replaced_.end())
    return *found;
  return *std::ranges::find(shipped_list_files(), name, &list_file::name);
}

bool source_lists::builder::is_replaced(std::string_view name) const {
  return std::ranges::find(replaced_, name, &list_file::name) != replaced_.end();
}

std::string_view source_lists::builder::kept(std::string text) {
  return out_.texts_.emplace_back(std::move(text));
}

result<void> source_lists::builder::describe(std::string_view name, std::size_t entries) {
  const auto& of = file(name);
  if (entries == 0)
    return list_error(of, 1, "the list is empty");
  const bool is_new = is_replaced(name);
  const auto& origins = is_new ? replaced_origins_ : origins_;
  const auto found = std::ranges::find_if(
      origins, [&](const list_record& each) { return each.get("file") == name; });
  // What it is stays the same, whatever its revision.
  const auto shipped = std::ranges::find_if(
      origins_, [&](const list_record& each) { return each.get("file") == name; });
  list_info info{.name = name_of_file(name),
                 .title = shipped->get("title"),
                 .file = shipped->get("file"),
                 .origin = shipped->get("source"),
                 .date = {},
                 .licence = shipped->get("licence"),
                 .entries = entries,
                 .is_shipped = !is_new};
  if (found != origins.end()) {
    const auto& dated = is_new ? file(origin_file) : of;
    info.date = found->get("date");
    if (!is_date(info.date))
      return list_error(dated, found->line, "a list needs a date, such as 2026-11-24");
    if (!today_.empty() && info.date > today_)
      return list_error(dated, found->line, "the date is in the future");
    for (const auto& [to, member] : {std::pair{&info.origin, "source"}, {&info.licence, "licence"}})
      if (const auto given = found->get(member); !given.empty())
        *to = given;
  } else {
    const auto day = name == suffix_file ? version_day(of.text) : std::string_view();
    info.date = is_date(day) ? day : of.changed;
    if (!is_date(info.date))
      return list_error(of, 1, "its date is not known: name it in origins.yml beside it");
    if (!today_.empty() && info.date > today_)
      return list_error(of, 1, "its date, " + std::string(info.date) + ", is in the future");
  }
  out_.infos_.push_back(info);
  for (auto* each :
       {&out_.infos_.back().title, &out_.infos_.back().file, &out_.infos_.back().origin,
        &out_.infos_.back().date, &out_.infos_.back().licence})
    *each = kept(std::string(*each));
  return {};
}

result<void> source_lists::builder::read_corrections() {
  const auto& of = file(correction_file);
  TRY(const auto records, read_records(of));
  for (const auto& each : records) {
    if (each.get("since").empty() || each.get("why").empty())
      return list_error(of, each.line, "a correction needs since and why");
    if (const auto name = each.get("rename"); !name.empty()) {
      const auto to = each.get("to");
      if (to.empty())
        return list_error(of, each.line, "rename without to");
      changes_.renamed.emplace(name, to);
    } else if (const auto name_gone = each.get("drop_name"); !name_gone.empty()) {
      const auto from = each.get("from");
      if (from.empty())
        return list_error(of, each.line, "drop_name without from");
      changes_.dropped_names.emplace(name_gone, from);
    } else if (const auto gone = each.get("drop"); !gone.empty()) {
      changes_.dropped.insert(gone);
    } else if (const auto word = each.get("word"); !word.empty()) {
      changes_.words.emplace(ascii_lower(word), each.line);
    } else if (const auto host = each.get("except"); !host.empty()) {
      CHECK(add_entry(of, {{}, host, each.line}, {}));
    } else {
      return list_error(of, each.line, "not a correction that there is");
    }
  }
  return describe(correction_file, records.size());
}

result<void> source_lists::builder::add_entry(const list_file& of, const named_entry& one,
                                              entry made) {
  const auto refused = [&](std::string_view why) {
    return list_error(of, one.line, std::string(why) + ": " + quoted_key(one.entry));
  };
  auto text = one.entry;
  if (std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; }))
    text = kept(ascii_lower(text));
  constexpr std::string_view android = "android-app://", ios = "ios-app://";
  if (text.starts_with(android) || text.starts_with(ios) || is_package(text)) {
    const bool is_ios = text.starts_with(ios);
    made.how = is_ios ? form::ios_app : form::android_app;
    if (const auto scheme = text.find("://"); scheme != text.npos)
      text.remove_prefix(scheme + 3);
    if (!is_app_name(text))
      return refused("not an app");
    made.key = text;
    out_.entries_.push_back(made);
    return {};
  }
  if (text.starts_with("www.") && text.size() > 4)
    text.remove_prefix(4);
  constexpr std::string_view any = "{}";
  if (text.ends_with(".{}")) {
    made.how = form::ending;
    made.key = text.substr(0, text.size() - 3);
    if (!is_labels(made.key))
      return refused("not a host");
  } else if (const auto at = text.find(any); at != text.npos) {
    made.how = form::country;
    made.before = text.substr(0, at == 0 ? 0 : at - 1);
    if (!text.substr(at + any.size()).starts_with('.') || (at != 0 && text[at - 1] != '.') ||
        (!made.before.empty() && !is_labels(made.before)))
      return refused("not a host");
    made.key = text.substr(at + any.size() + 1);
    if (!is_domain_name(made.key))
      return refused("not a host");
  } else {
    if (!is_ascii(text)) {
      auto ascii = to_ascii_domain(text);
      if (!ascii)
        return refused("not a host");
      text = kept(std::move(*ascii));
    }
    if (made.how != form::spam)
      made.how = form::host;
    made.key = text;
    if (!is_domain_name(text))
      return refused("not a host");
  }
  if (made.how == form::spam) {
    if (out_.suffixes_->is_listed_suffix(made.key))
      made.how = form::spam_alone;
  } else if (made.how != form::ending && out_.suffixes_->is_registry_suffix(made.key))
    return refused("everybody may have a site below it");
  out_.entries_.push_back(made);
  return {};
}

result<void> source_lists::builder::add_list(std::size_t rank) {
  const auto& kind = kinds[rank];
  const auto& of = file(kind.file);
  TRY(const auto read, kind.form == list_form::engines ? read_engines(of) : read_groups(of));
  std::size_t count = 0;
  text_view_map<std::string_view> seen;
  for (const auto& one : read) {
    ++count;
    const auto gone = changes_.dropped_names.find(one.name);
    const bool is_gone =
        !kind.is_own && ((gone != changes_.dropped_names.end() && gone->second == kind.file) ||
                         changes_.dropped.contains(one.entry));
    const bool is_app = one.entry.find("-app://") != one.entry.npos;
    const bool has_path = !is_app && one.entry.find('/') != one.entry.npos;
    // A browser sends no path, and the host alone may be something else.
    if (is_gone || (has_path && !kind.is_own))
      continue;
    const auto renamed = changes_.renamed.find(one.name);
    const auto name = kind.is_own || renamed == changes_.renamed.end() ? one.name : renamed->second;
    const auto [before, is_first] = seen.emplace(one.entry, name);
    if (!is_first && kind.is_own)
      return list_error(of, one.line, "listed before: " + quoted_key(one.entry));
    if (!is_first)
      continue;
    const auto index = static_cast<std::uint32_t>(out_.sources_.size());
    CHECK(add_entry(
        of, one,
        {.key = {}, .before = {}, .rank = static_cast<std::uint8_t>(rank + 1), .source = index}));
    out_.sources_.push_back({name, kept(ascii_lower(name)), kind.kind, kind.name, one.entry});
  }
  return describe(kind.file, count);
}

result<void> source_lists::builder::add_spam() {
  const auto& of = file(spam_file);
  TRY(const auto read, read_hosts(of));
  for (const auto& one : read) {
    entry made;
    made.how = form::spam;
    CHECK(add_entry(of, one, made));
  }
  return describe(spam_file, read.size());
}

void source_lists::builder::name_sources() {
  for (std::uint32_t i = 0; i < out_.sources_.size(); ++i)
    if (const auto name = out_.sources_[i].source; !changes_.words.contains(name))
      names_.emplace(name, i);
}

result<void> source_lists::builder::add_aliases() {
  const auto& of = file(alias_file);
  TRY(const auto read, read_groups(of));
  for (const auto& one : read) {
    const auto name = ascii_lower(one.name);
    const auto known = std::ranges::find(out_.sources_, name, &known_source::source);
    // A newer list may have lost a name that our aliases have.
    if (known == out_.sources_.end() && !replaced_.empty() && !is_replaced(alias_file))
      continue;
    if (known == out_.sources_.end())
      return list_error(of, one.line, "an alias of what no list has: " + quoted_key(one.name));
    names_.insert_or_assign(kept(ascii_lower(one.entry)),
                            static_cast<std::uint32_t>(known - out_.sources_.begin()));
  }
  return describe(alias_file, read.size());
}

result<void> source_lists::builder::add_click_ids() {
  const auto& of = file(click_file);
  TRY(const auto read, read_records(of));
  for (const auto& each : read) {
    const click_id made{each.get("id"), each.get("source"), each.get("medium")};
    if (made.parameter.empty() || made.source.empty() || made.medium.empty() ||
        each.get("since").empty())
      return list_error(of, each.line, "a click id needs id, source, medium and since");
    if (made.parameter.size() >= most_parameter_sizes)
      return list_error(of, each.line, "a click id is too long: " + quoted_key(made.parameter));
    if (made.parameter == "fbclid") {
      out_.facebook_ = made;
      continue;
    }
    const auto index = static_cast<std::uint32_t>(out_.click_ids_.size());
    if (!out_.by_parameter_.emplace(made.parameter, index).second)
      return list_error(of, each.line, "listed before: " + quoted_key(made.parameter));
    out_.parameter_sizes_[static_cast<unsigned char>(made.parameter[0])] |=
        std::uint64_t{1} << made.parameter.size();
    out_.click_ids_.push_back(made);
  }
  if (out_.facebook_.parameter.empty())
    return list_error(of, 1, "fbclid is missing");
  return describe(click_file, read.size());
}

void source_lists::builder::fill_table() {
  out_.names_.reserve(names_.size());
  out_.by_name_ = host_table(names_.size());
  for (const auto& [name, source] : names_) {
    out_.by_name_.insert(name, static_cast<std::uint32_t>(out_.names_.size()));
    out_.names_.push_back({name, source});
  }
  out_.entries_.shrink_to_fit();
  out_.sources_.shrink_to_fit();
  out_.table_ = host_table(out_.entries_.size());
  std::size_t endings = 0;
  for (std::uint32_t i = 0; i < out_.entries_.size(); ++i) {
    out_.table_.insert(out_.entries_[i].key, i);
    endings += out_.entries_[i].how == form::ending;
  }
  out_.stems_ = host_table(endings);
  for (std::uint32_t i = 0; i < out_.entries_.size(); ++i)
    if (const auto& each = out_.entries_[i]; each.how == form::ending)
      out_.stems_.insert(each.key.substr(each.key.rfind('.') + 1), i);
}

result<void> source_lists::builder::build() {
  TRY(origins_,
      read_members(*std::ranges::find(shipped_list_files(), origin_file, &list_file::name)));
  if (is_replaced(origin_file)) {
    TRY(replaced_origins_, read_members(file(origin_file)));
  }
  const auto& of = file(suffix_file);
  if (is_replaced(suffix_file)) {
    TRY(out_.suffixes_, public_suffixes::read(of.text, of.path.empty() ? of.name : of.path));
    // Any text of words is a list of suffixes, and with a wrong one all sites below co.uk are one.
    const auto least = public_suffixes::shipped()->rules() / 2;
    if (const auto rules = out_.suffixes_->rules(); rules < least)
      return list_error(of, 1,
                        "has " + std::to_string(rules) + " rules, and a whole list of public " +
                            "suffixes more than " + std::to_string(least));
    for (const std::string_view section : {"ICANN", "PRIVATE"})
      if (of.text.find("===BEGIN " + std::string(section) + " DOMAINS===") == of.text.npos)
        return list_error(of, 1, "has no section of " + std::string(section) + " domains");
  } else {
    out_.suffixes_ = public_suffixes::shipped();
  }
  CHECK(describe(suffix_file, out_.suffixes_->rules()));
  CHECK(read_corrections());
  for (std::size_t rank = 0; rank < kinds.size(); ++rank)
    CHECK(add_list(rank));
  CHECK(add_spam());
  name_sources();
  CHECK(add_aliases());
  CHECK(add_click_ids());
  fill_table();
  find_endings();
  return {};
}

result<std::shared_ptr<const source_lists>> source_lists::read(std::span<const list_file> replaced,
                                                               std::string_view today) {
  auto made = std::make_shared<source_lists>();
  // Views point into the texts, so they must live as long as the lists.
  std::vector<list_file> own(replaced.begin(), replaced.end());
  for (auto& each : own)
    if (each.name != "public_suffix_list.dat")
      each.text = made->texts_.emplace_back(each.text);
  builder of(*made, own, today);
  CHECK(of.build());
  return std::shared_ptr<const source_lists>(std::move(made));
}

} // namespace headwater::attribution
