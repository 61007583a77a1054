#pragma once

// The allow-list of AI platforms: which hosts, host paths, Android packages and bare words stand
// for which platform. The list shipped with the program is data/AIAssistants.yml and
// data/additions.yml, compiled in, with the origin of each entry. Immutable after construction, any
// thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

enum class entry_kind : std::uint8_t {
  host = 1,  ///< "chatgpt.com": the host and every host below it
  host_path, ///< "x.com/i/grok": such a host with a path, which matches up to a segment boundary
  android_package, ///< "com.openai.chatgpt"
  token,           ///< "perplexity": the whole value
};

[[nodiscard]] std::string_view to_string(entry_kind kind) noexcept;

/// Where an entry of the shipped list comes from.
struct entry_origin {
  std::string_view source;   ///< a URL, or "headwater" for our own additions
  std::string_view revision; ///< of the list that was taken over; empty for our own
  std::string_view since;    ///< the day since when we have it
  std::string_view why;
};

struct platform_entry {
  std::string_view platform;
  entry_kind kind = entry_kind::host;
  std::string_view value;               ///< in lower case
  const entry_origin* origin = nullptr; ///< null unless from the shipped list

  bool operator==(const platform_entry&) const = default;
};

/// Looks up ASCII text in any case, without allocating. The views in the entries must live as long
/// as the list.
class platform_list {
public:
  /// Whether each platform's own name is a token, too, because reports of tools that ship the same
  /// list (Matomo) show it.
  enum class naming : std::uint8_t { token = 1, no_token };

  /// `version` names the data.
  platform_list(std::string version, std::vector<platform_entry> entries,
                naming names = naming::token);

  /// The list compiled into the program; its version is the SHA-256 of the data files, 12 digits.
  [[nodiscard]] static const platform_list& shipped();

  [[nodiscard]] const std::string& version() const { return version_; }
  /// All entries in the order of the data, grouped by platform.
  [[nodiscard]] const std::vector<platform_entry>& entries() const { return entries_; }
  /// The distinct names, in order of first appearance.
  [[nodiscard]] const std::vector<std::string_view>& platforms() const { return platforms_; }

  /// The day of the newest entry, YYYY-MM-DD; empty for entries without an origin.
  [[nodiscard]] std::string_view date() const;
  /// Calls `visit(host, platform)` for each entry that is a host without a path.
  template <class Visitor>
  void each_host(Visitor&& visit) const {
    for (const auto& each : entries_)
      if (each.kind == entry_kind::host)
        visit(each.value, each.platform);
  }

  /// Whether any entry's host is internationalised (punycode).
  [[nodiscard]] bool has_idna() const { return has_idna_; }

  /// Finds the entry for a host name (no port, no trailing dot) and the path on it ("" or "/...").
  /// A listed host covers every host below it. The longest host wins, and on it a path entry before
  /// the host's own. Null: not listed.
  [[nodiscard]] const platform_entry* find_host(std::string_view host, std::string_view path) const;
  [[nodiscard]] const platform_entry* find_package(std::string_view package) const;
  [[nodiscard]] const platform_entry* find_token(std::string_view token) const;
  /// What is listed as a text without dots: a token, or else find_host(word, "").
  [[nodiscard]] const platform_entry* find_word(std::string_view word) const;

  /// The platform of the entry that the same look-up finds.
  [[nodiscard]] std::optional<std::string_view> of_host(std::string_view host,
                                                        std::string_view path) const {
    return platform_of(find_host(host, path));
  }
  [[nodiscard]] std::optional<std::string_view> of_package(std::string_view package) const {
    return platform_of(find_package(package));
  }
  [[nodiscard]] std::optional<std::string_view> of_token(std::string_view token) const {
    return platform_of(find_token(token));
  }

private:
  [[nodiscard]] static std::optional<std::string_view> platform_of(const platform_entry* found) {
    return found ? std::optional{found->platform} : std::nullopt;
  }
  [[nodiscard]] const platform_entry& at(std::uint32_t entry) const;
  [[nodiscard]] const platform_entry* find(entry_kind kind, std::uint64_t hash,
                                           std::string_view text, std::string_view path) const;
  void index(std::uint32_t entry);

  std::string version_;
  std::vector<platform_entry> entries_;
  std::vector<std::string_view> platforms_;
  std::vector<platform_entry> names_; ///< the platforms' own names as tokens
  std::vector<std::uint32_t> slots_;  ///< open addressing; index + 1 into entries_ then names_
  std::size_t longest_token_ = 0;
  std::size_t longest_word_ = 0; ///< of the tokens and the hosts without dots
  bool has_idna_ = false;
};

} // namespace headwater::referrals
