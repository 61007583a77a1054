#include "domain/core/error.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>

namespace headwater {

std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::bad_request:
    return "bad_request";
  case errc::unauthorized:
    return "unauthorized";
  case errc::forbidden:
    return "forbidden";
  case errc::not_found:
    return "not_found";
  case errc::account_not_found:
    return "account_not_found";
  case errc::method_not_allowed:
    return "method_not_allowed";
  case errc::duplicate_entry:
    return "duplicate_entry";
  case errc::gone:
    return "gone";
  case errc::account_erased:
    return "account_erased";
  case errc::payload_too_large:
    return "payload_too_large";
  case errc::unsupported_media_type:
    return "unsupported_media_type";
  case errc::validation_error:
    return "validation_error";
  case errc::max_entries_reached:
    return "max_entries_reached";
  case errc::quota_exceeded:
    return "quota_exceeded";
  case errc::idempotency_key_reused:
    return "idempotency_key_reused";
  case errc::precondition_failed:
    return "precondition_failed";
  case errc::rate_limit_exceeded:
    return "rate_limit_exceeded";
  case errc::internal_error:
    return "internal_error";
  case errc::service_unavailable:
    return "service_unavailable";
  case errc::outcome_unknown:
    return "outcome_unknown";
  case errc::storage_full:
    return "storage_full";
  case errc::corrupt_log:
    return "corrupt_log";
  case errc::version_conflict:
    return "version_conflict";
  case errc::io_failed:
    return "io_failed";
  case errc::incompatible_data:
    return "incompatible_data";
  }
  return "internal_error";
}

void throw_exception_from_error(const error& what, const boost::source_location& where) {
  boost::throw_with_location(
      std::runtime_error(std::string(to_string(what.code)) + ": " + what.message), where);
}

} // namespace headwater
