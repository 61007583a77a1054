#pragma once

// What is known of hosts, apps and utm_source values: search engines, webmail, social networks,
// video and shopping sites, messengers, referrer spam, and the click ids of landing URLs. Read from
// data/, which is compiled in, or from newer files of the same names. Immutable once read, replaced
// whole; any thread.

#include "domain/core/error.hpp"
#include "domain/core/keyed_hash.hpp"
#include "domain/hosts/host.hpp"
#include "domain/hosts/public_suffixes.hpp"
#include "domain/lists/shipped_lists.hpp"
#include "domain/matching/host_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

enum class source_kind : std::uint8_t { search = 1, email, social, video, shopping, messenger };

[[nodiscard]] std::string_view to_string(source_kind kind) noexcept;

struct known_source {
  std::string_view name;   ///< as reports show it: "Google"
  std::string_view source; ///< what utm_source becomes: "google"
  source_kind kind{};
  std::string_view list;  ///< list_info::name of the list that says so: "search-engines"
  std::string_view entry; ///< as the list has it: "google.{}"
};

/// A click id that an advertising platform, a shop or a mailing tool appends to landing URLs.
struct click_id {
  std::string_view parameter; ///< case matters
  std::string_view source;
  std::string_view medium; ///< "cpc" where paid
};

struct list_info {
  std::string_view name;   ///< "search-engines"
  std::string_view title;  ///< "Matomo's list of search engines"
  std::string_view file;   ///< "SearchEngines.yml"
  std::string_view origin; ///< a URL, or "headwater" for our own
  std::string_view date;   ///< YYYY-MM-DD
  std::string_view licence;
  std::size_t entries = 0;
  bool is_shipped = true; ///< false: from the directory that replaces shipped lists
};

class source_lists {
public:
  /// The lists compiled into the program.
  [[nodiscard]] static const std::shared_ptr<const source_lists>& shipped();

  /// The shipped lists with some files replaced. errc::validation_error, with "file:line: " before
  /// the reason, if one is damaged, empty or from after `today` (YYYY-MM-DD).
  [[nodiscard]] static result<std::shared_ptr<const source_lists>>
  read(std::span<const list_file> replaced, std::string_view today);

  [[nodiscard]] const public_suffixes& suffixes() const { return *suffixes_; }

  /// What is known of a referrer's host or app. An entry covers what is below it; of all lists the
  /// longest entry counts. Null: nothing is known.
  [[nodiscard]] const known_source* of_host(std::string_view host, host_kind kind) const;

  /// What a utm_source names, in any case: a name or alias ("Google", "fb", "adwords"), or a host.
  [[nodiscard]] const known_source* of_source(std::string_view utm_source) const;

  /// Whether a host, or one above it, is on the list of referrer spam.
  [[nodiscard]] bool is_spam(std::string_view host) const;
  /// The entry that says so; empty for none.
  [[nodiscard]] std::string_view spam_entry(std::string_view host) const;

  /// of_host() and spam_entry() for the price of one.
  struct facts {
    const known_source* source = nullptr;
    std::string_view spam;
  };
  [[nodiscard]] facts facts_of(std::string_view host, host_kind kind) const;

  /// The click ids of step 4, the strongest first.
  [[nodiscard]] std::span<const click_id> click_ids() const { return click_ids_; }
  /// Null for all other parameters, and for fbclid.
  [[nodiscard]] const click_id* click_id_of(std::string_view parameter) const;
  /// fbclid, which counts later than the others.
  [[nodiscard]] const click_id& facebook() const { return facebook_; }

  /// Null if there is no list of this name.
  [[nodiscard]] const list_info* info(std::string_view name) const;
  [[nodiscard]] std::span<const list_info> all() const { return infos_; }
  /// An estimate of the memory that all this takes, public suffixes included.
  [[nodiscard]] std::size_t bytes() const;

private:
  enum class form : std::uint8_t {
    host = 1, ///< "bing.com"
    ending,   ///< "google.{}": com, a country's domain, or such as co.uk
    country,  ///< "{}.ask.com", "images.{}.ask.com": a label of two letters
    android_app,
    ios_app,
    spam,
    spam_alone, ///< a public suffix, below which others have their sites
  };

  struct entry {
    std::string_view key;    ///< what the table finds it by: the entry without "{}" and around it
    std::string_view before; ///< of a country: the labels before it
    form how{};
    std::uint8_t rank = 0;          ///< of equally long entries the lowest counts
    std::uint32_t source = nothing; ///< index into sources_; nothing: it says that nobody knows
  };
  static constexpr std::uint32_t nothing = ~std::uint32_t{0};

  struct named {
    std::string_view name;
    std::uint32_t source = nothing; ///< index into sources_
  };

  /// Sizes of click ids are below that, so that they are bits of a word.
  static constexpr std::size_t most_parameter_sizes = 64;

  /// Where the last labels of a host start, the last one first; npos for those that it lacks.
  using last_labels = std::array<std::size_t, 3>;

  class builder;
  struct search;

  /// Which of the labels stands before the ending that "{}" stands for; npos: there is none.
  [[nodiscard]] std::size_t label_before_ending(std::string_view host,
                                                const last_labels& labels) const;

  std::deque<std::string> texts_; ///< of files and of what is made from them; views point here
  std::shared_ptr<const public_suffixes> suffixes_;
  std::vector<known_source> sources_;
  std::vector<entry> entries_;
  host_table table_;         ///< by key, into entries_
  host_table stems_;         ///< by the last label of a key of form ending
  std::vector<named> names_; ///< names and aliases
  host_table by_name_;       ///< into names_
  std::vector<click_id> click_ids_;
  text_view_map<std::uint32_t> by_parameter_; ///< into click_ids_
  /// For each first byte, the sizes that click ids have, as bits: most parameters are none.
  std::array<std::uint64_t, 256> parameter_sizes_{};
  click_id facebook_{};
  std::vector<list_info> infos_;
  /// For each pair of letters, which endings the suffix list knows: bit 0 the country's own domain,
  /// then those with each of the second levels before it.
  std::array<std::uint8_t, 676> endings_{};
};

} // namespace headwater::attribution
