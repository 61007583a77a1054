#pragma once

// Builds one visit from the tokens of its JSON object. Part of visit_json.cpp; one per visit.

#include "domain/attribution/attribution.hpp"
#include "domain/core/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace headwater::attribution {

enum class json_token : std::uint8_t {
  null = 1,
  boolean,
  number,
  huge_number, ///< no double holds it
  string,
  key,
  begin_object,
  end_object,
  begin_array,
  end_array,
};

class visit_reader {
public:
  /// Takes the next token; `text` is that of a string or key.
  void take(json_token token, std::string_view text);

  /// True once the visit's value has ended, so that the next token belongs to something else.
  [[nodiscard]] bool is_complete() const { return started_ && depth_ == 0; }

  /// Faults that no reading of the object excuses: a key twice, a number out of range.
  [[nodiscard]] const std::vector<fault>& structural_faults() const { return structural_; }
  [[nodiscard]] const std::vector<std::string>& unknown_fields() const { return unknown_; }

  [[nodiscard]] result<visit> finish() &&;

private:
  void take_key(std::string_view name);
  void take_member(json_token token, std::string_view text);
  void take_session_member(json_token token, std::string_view text);
  [[nodiscard]] location path() const;
  void report(const char* message);

  visit visit_;
  bool has_url_ = false;
  bool is_object_ = false;
  bool started_ = false;
  int depth_ = 0;
  std::string member_;         // the key at depth 1
  std::string session_member_; // the key within the session
  std::unordered_set<std::string> keys_;
  std::unordered_set<std::string> session_keys_;
  std::vector<std::string> unknown_;
  std::vector<fault> faults_;
  std::vector<fault> structural_;
};

} // namespace headwater::attribution
