#pragma once

// The sentences of an explanation: short, in words that a marketer uses. Part of explanation.cpp.

#include "domain/resolve/explanation/explanation.hpp"
#include "domain/resolve/explanation/tried_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// A client's text as an explanation shows it: at most 200 bytes, cut between characters.
[[nodiscard]] std::string shortened(std::string_view text);

/// The sentences that depend on the visit. `applied`: whether the step applied.
class explanation_text {
public:
  explicit explanation_text(const walked_visit& walked) : walked_(walked) {}

  /// "The visit continues its session.", and what that means if the session is empty.
  [[nodiscard]] std::string session() const;
  /// Why the visit has no usable referrer.
  [[nodiscard]] std::string no_referrer() const;
  [[nodiscard]] std::string same_site(bool applied) const;
  [[nodiscard]] std::string passthrough_session() const;
  [[nodiscard]] std::string explicit_utm(bool applied) const;
  [[nodiscard]] std::string passthrough_fallback() const;
  [[nodiscard]] std::string mapping(const std::vector<tried_rule>& tried) const;
  [[nodiscard]] std::string click_id() const;
  [[nodiscard]] std::string facebook_click(bool applied) const;
  /// `brand`: the one whose own list has the entry; nothing: the list that counts for everybody.
  [[nodiscard]] std::string ai_platform(bool applied, std::optional<std::int64_t> brand) const;
  /// Steps 9 to 11. Messengers count as social networks.
  [[nodiscard]] std::string known_source(source_kind kind, bool applied) const;
  [[nodiscard]] std::string referral() const;
  [[nodiscard]] std::string continued() const;
  [[nodiscard]] std::string direct() const;

private:
  /// "Matomo's list of search engines of 2026-07-15"
  [[nodiscard]] std::string list(std::string_view name) const;
  [[nodiscard]] std::string click_id_text(const attribution::click_id& id) const;
  [[nodiscard]] std::string return_path() const;
  [[nodiscard]] bool is_basic() const;
  [[nodiscard]] bool same_site_by_suffix() const;
  /// What the lists say of the referrer.
  [[nodiscard]] std::string listed() const;
  [[nodiscard]] std::string covering_text() const;
  [[nodiscard]] std::string no_covering() const;

  const walked_visit& walked_;
};

} // namespace headwater::attribution
