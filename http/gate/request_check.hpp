#pragma once

// Reads path parameters, query parameters and headers, and collects their faults, so that one 422
// names them all. Used on the stack of a handler.

#include "actors/protocol/interfaces.hpp"
#include "domain/accounts/scopes.hpp"
#include "http/server/exchange.hpp"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

class request_check {
public:
  explicit request_check(const exchange& of) : of_(of) {}

  /// The n-th path parameter as an id. A number too large for any id becomes -1, which matches
  /// nothing.
  std::int64_t id(std::size_t n, std::string_view name);
  /// The query parameter account_id, which is required.
  std::string account_id();
  /// A text of at least one character; nothing where absent.
  std::optional<std::string> text(std::string_view name);
  bool boolean(std::string_view name, bool absent);
  /// The query parameter dry_run. A preview shows rules and leaves no trace in the log, so it takes
  /// the scope `read` as well.
  bool dry_run();
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                      std::int64_t most = std::numeric_limits<std::int64_t>::max());
  /// One of the words; `absent` if the parameter is missing.
  std::string_view choice(std::string_view name, std::initializer_list<std::string_view> words,
                          std::string_view absent);
  /// An RFC 3339 time; nothing if absent.
  std::optional<micros> time(std::string_view name);
  /// A version (digits) or an RFC 3339 time; nothing if absent.
  std::optional<actors::asked_point> point(std::string_view name);
  /// The Idempotency-Key: 1 to 255 visible ASCII characters.
  std::optional<std::string> idempotency_key();

  /// The n-th path parameter, unchanged.
  [[nodiscard]] std::string_view path(std::size_t n) const { return of_.param(n); }
  /// Requires this scope as well, because of what the parameters ask for.
  void require(accounts::scope scope) { further_scope_ = scope; }
  [[nodiscard]] std::optional<accounts::scope> further_scope() const { return further_scope_; }

  /// Requires a token for all accounts, because of what the parameters ask for.
  void require_operator() { wants_operator_ = true; }
  [[nodiscard]] bool wants_operator() const { return wants_operator_; }

  /// Faults for query parameters that come twice, since one of them would not count, and, where
  /// there is a dry_run, for what was meant as one (dryRun, dry-run): it would do what it should
  /// only show. `declared` are names of query parameters and headers, perhaps with a mark.
  void look_at_names(std::initializer_list<std::span<const std::string_view>> declared);

  /// Adds a fault that the caller has found.
  void add(fault what) { faults_.push_back(std::move(what)); }

  /// errc::validation_error with all faults.
  [[nodiscard]] result<void> verdict();

  /// The value of `from`, or `otherwise` if it has faults, which are reported with the others.
  template <class T>
  [[nodiscard]] T take(result<T> from, T otherwise) {
    if (!from.has_error())
      return std::move(*from);
    const auto found = from.error();
    faults_.insert(faults_.end(), found.faults.begin(), found.faults.end());
    return otherwise;
  }

private:
  const exchange& of_;
  std::vector<fault> faults_;
  std::optional<accounts::scope> further_scope_;
  bool wants_operator_ = false;
};

/// Whether "Prefer: handling=strict" is among the preferences (RFC 7240).
[[nodiscard]] bool wants_strict(const request_head& head);

/// The first media type of Accept in lower case, without parameters.
[[nodiscard]] std::string accepted_type(const request_head& head);

/// Whether Accept prefers text/csv to JSON (http/server/negotiation.hpp).
[[nodiscard]] bool wants_csv(const request_head& head);

} // namespace headwater::http
