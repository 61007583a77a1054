#pragma once

// Makes source_lists from files. Private to domain/lists.

#include "domain/core/keyed_hash.hpp"
#include "domain/lists/list_forms.hpp"
#include "domain/lists/source_lists.hpp"

namespace headwater::attribution {

class source_lists::builder {
public:
  /// `made` is empty; `files` must live as long as it.
  builder(source_lists& made, std::span<const list_file> files, std::string_view now)
      : out_(made), replaced_(files), today_(now) {}

  [[nodiscard]] result<void> build();

private:
  /// What Matomo's lists mean to us: names that are one, entries that are left out.
  struct changes {
    text_view_map<std::string_view> renamed;
    text_view_map<std::string_view> dropped_names; ///< to the file where they are
    keyed_set<std::string_view> dropped;
    text_map<std::size_t> words; ///< names in lower case that count by host alone
  };

  [[nodiscard]] const list_file& file(std::string_view name) const;
  [[nodiscard]] bool is_replaced(std::string_view name) const;
  [[nodiscard]] std::string_view kept(std::string text);
  [[nodiscard]] result<void> describe(std::string_view name, std::size_t entries);
  [[nodiscard]] result<void> read_corrections();
  [[nodiscard]] result<void> add_list(std::size_t rank);
  [[nodiscard]] result<void> add_spam();
  [[nodiscard]] result<void> add_aliases();
  [[nodiscard]] result<void> add_click_ids();
  [[nodiscard]] result<void> add_entry(const list_file& of, const named_entry& one, entry made);
  void name_sources();
  void fill_table();
  void find_endings();

  source_lists& out_;
  std::span<const list_file> replaced_;
  std::string_view today_;
  changes changes_;
  text_view_map<std::uint32_t> names_;        ///< names and aliases, into the sources
  std::vector<list_record> origins_;          ///< shipped
  std::vector<list_record> replaced_origins_; ///< of the directory
};

} // namespace headwater::attribution
