#pragma once

// Reads the payload of an event that holds many rules, one rule at a time: what the readers of
// imports and of restores have in common. Only these two use it. Used once, on one thread.

#include "domain/core/error.hpp"
#include "domain/json/json_rows.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater::attribution {

/// Reads the members of a payload and checks that each member of its layout is there exactly once.
/// Members are the lists "added" and "changed", which hold rules, the list "removed", which holds
/// ids, and scalars. If the payload is about one kind of rule, the lists have these plain names;
/// otherwise the kind comes first ("referrer_mappings.added"). Derived classes decide what to do
/// with what is read.
class rules_payload_reader : public json_rows {
public:
  /// Reads the whole payload; the error says what is wrong with it.
  [[nodiscard]] result<void> read(std::string_view payload);

  void reset() final;
  void member(std::string_view path) final;
  void twice(std::string_view path) final;
  [[nodiscard]] bool begin_list(std::string_view path) final;
  void row(draft element, std::size_t line) final;
  void value(std::string_view path, const json_item& value) final;

protected:
  /// `members` are the paths of all members of the payload and must outlive the reader; `lists` of
  /// them are lists.
  rules_payload_reader(std::span<const std::string_view> members, std::size_t lists)
      : members_(members), lists_(lists) {}

  /// `kind` is what precedes the list's name in the path, or empty.
  virtual void rule(std::string_view kind, bool is_added, draft members) = 0;
  virtual void removed(std::string_view kind, std::int64_t id) = 0;
  /// Whether there is a list of plain values at the path; each of them goes to scalar().
  [[nodiscard]] virtual bool value_list(std::string_view) { return false; }
  /// False if there is no scalar at the path, or none of this type.
  [[nodiscard]] virtual bool scalar(std::string_view path, const json_item& value) = 0;

  /// Only the first fault is kept.
  void fail(const error& why);

private:
  void fail(const std::string& why) { fail(error(errc::corrupt_log, "payload: " + why)); }

  std::span<const std::string_view> members_;
  std::size_t lists_;
  std::string list_; // the path of the current list, such as "referrer_mappings.added"
  std::string kind_; // its first part, or empty
  std::string name_; // its last part
  std::size_t seen_members_ = 0;
  std::size_t seen_lists_ = 0;
  std::optional<error> fault_;
};

} // namespace headwater::attribution
