#pragma once

// What the AI-referrals family tells a client about a bad request. Its 422 body names each fault
// by a path of names and array indices (Pydantic's `loc`), which a core fault cannot hold.

#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace headwater::referrals {

/// One step of a path into a request: a name, or an index from 0.
using location_step = std::variant<std::string, std::int64_t>;

/// One entry of {"detail":[{"loc","msg","type"}]}, for example
/// {["body", 3, "date"], "Input should be a valid date", "date_parsing"}.
struct located_fault {
  std::vector<location_step> loc;
  std::string msg;
  std::string type;

  bool operator==(const located_fault&) const = default;
};

/// Why a request was refused. `message` is the text of {"detail": "..."}; `faults` is filled for
/// errc::validation_error and then takes the place of the message.
struct request_error {
  errc code;
  std::string message;
  std::vector<located_fault> faults = {};

  bool operator==(const request_error&) const = default;
};

/// Needed by boost::system::result::value(); thrown only where a caller ignored an error.
[[noreturn]] void throw_exception_from_error(const request_error& what,
                                             const boost::source_location& where);

template <class T>
using request_result = boost::system::result<T, request_error>;

} // namespace headwater::referrals
