#pragma once

// Builds one visit from the tokens of its JSON object. Part of visit_json.cpp; one per visit.

#include "domain/core/error.hpp"
#include "domain/json/ignored_names.hpp"
#include "domain/resolve/attribution.hpp"
#include "domain/resolve/utm_members.hpp"

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

enum class json_token : std::uint8_t {
  null = 1,
  boolean,
  number,
  huge_number, ///< too large for a double
  string,
  key,
  begin_object,
  end_object,
  begin_array,
  end_array,
};

class visit_reader {
public:
  /// `beside` lists members of the object that other code reads. They must outlive the reader.
  explicit visit_reader(std::span<const std::string_view> beside = {}) : beside_(beside) {}

  /// Takes the next token; `text` is that of a string or key.
  void take(json_token token, std::string_view text);

  /// Whether the visit's value has ended, so that the next token is not part of it.
  [[nodiscard]] bool is_complete() const { return started_ && depth_ == 0; }

  /// Faults that count for a visit and a batch alike: a key twice, a number out of range.
  [[nodiscard]] const std::vector<fault>& structural_faults() const { return structural_; }
  /// The unknown members, "referer" or "session.source"; at most max_told_faults.
  [[nodiscard]] std::vector<std::string> ignored_fields() const;
  /// The same if the object holds a batch: then "url", "referrer" and "session" are ignored, too.
  [[nodiscard]] std::vector<std::string> ignored_fields_of_batch() const;

  /// With `strict`, unknown members are faults.
  [[nodiscard]] result<visit> finish(bool strict) &&;

private:
  /// The keys of one object: `Known` ones by their number, and others.
  template <std::size_t Known>
  class seen_keys {
  public:
    /// False for a repeated key. `place` is Known for a key that is not known.
    [[nodiscard]] bool add(std::size_t place, std::string_view key);
    [[nodiscard]] bool has(std::size_t place) const { return known_[place]; }

  private:
    std::array<bool, Known> known_{};
    std::set<std::string, std::less<>> others_; // ordered: a client chooses them
  };

  static constexpr std::array<std::string_view, 3> members{"url", "referrer", "session"};

  void take_key(std::string_view name);
  void take_session_key(std::string_view name);
  void take_member(json_token token, std::string_view text);
  void take_session_member(json_token token, std::string_view text);
  /// Whether the current token is a direct part of the session.
  [[nodiscard]] bool is_in_session() const;
  [[nodiscard]] location path() const;
  void report(const char* message);

  std::span<const std::string_view> beside_;
  visit visit_;
  bool has_url_ = false;
  bool is_object_ = false;
  bool started_ = false;
  bool is_repeated_ = false;         // the value belongs to a repeated key
  bool is_session_repeated_ = false; // the same within the session
  int depth_ = 0;
  std::string member_;         // the key at depth 1
  std::string session_member_; // the key within the session
  seen_keys<members.size()> keys_;
  seen_keys<utm_members.size()> session_keys_;
  ignored_names ignored_;
  ignored_names ignored_in_session_;
  std::vector<fault> faults_;
  std::vector<fault> structural_;
};

} // namespace headwater::attribution
