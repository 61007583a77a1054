#pragma once

// What can go wrong, as values. Used by every layer below actors/. Adapters at the edges turn a
// RocksDB status into an error, an error into a caf::error, and an error into an HTTP response.

#include "domain/core/location.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

/// The reasons that a client or an operator sees, mostly named after the code in the answer
/// (to_string).
/// Starts at 1 because 0 means "no error" in CAF.
enum class errc : std::uint8_t {
  bad_request = 1,
  unauthorized,
  forbidden,
  not_found,
  account_not_found,
  method_not_allowed,
  duplicate_entry,
  gone,
  account_erased,
  payload_too_large,
  unsupported_media_type,
  validation_error,
  max_entries_reached,
  quota_exceeded,
  idempotency_key_reused,
  precondition_failed,
  rate_limit_exceeded,
  internal_error,
  service_unavailable,
  outcome_unknown,
  storage_full,      ///< the disk is below its low-water mark
  corrupt_log,       ///< an event that cannot be read or applied; the message names the place
  version_conflict,  ///< an append with a stale stream version; never reaches a client
  io_failed,         ///< the storage engine failed, with its own message
  incompatible_data, ///< a data directory of a newer format, or of another program
};

/// The code as it appears in a response, for example "duplicate_entry".
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// How many faults of one request are reported. Clients get all their faults at once, but a body
/// that repeats one mistake must not produce an answer too long to read.
inline constexpr std::size_t max_told_faults = 100;

/// One fault of a request. `type` is a stable word such as "missing" or "string_too_long" (the
/// vocabulary of Pydantic, which both vendors use).
struct fault {
  location at; ///< for example body, utm_source
  std::string message;
  std::string type;
  std::int64_t line = 0; ///< where the faulty row starts in an imported document; 0: not an import

  bool operator==(const fault&) const = default;
};

/// An error with everything a response needs.
struct error {
  errc code = errc::internal_error;
  std::string message;
  std::vector<fault> faults = {};               ///< for validation_error
  std::optional<std::int64_t> existing_id = {}; ///< for duplicate_entry: the rule in the way
  std::int64_t fault_count = 0; ///< of an import: all faults, also those not in `faults`; else 0
  std::int64_t retry_after = 0; ///< seconds to wait; 0: not known

  error() = default; ///< what Boost 1.81's result::error() returns if there is a value
  error(errc c, std::string m) : code(c), message(std::move(m)) {}
  error(errc c, std::string m, std::vector<fault> f)
      : code(c), message(std::move(m)), faults(std::move(f)) {}

  bool operator==(const error&) const = default;
};

/// Needed by boost::system::result::value(); thrown only where a caller ignored an error.
[[noreturn]] void throw_exception_from_error(const error& what,
                                             const boost::source_location& where);

/// A value, or the reason why there is none.
template <class T>
using result = boost::system::result<T, error>;

} // namespace headwater
