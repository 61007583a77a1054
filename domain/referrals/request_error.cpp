#include "domain/referrals/request_error.hpp"

#include <stdexcept>

namespace headwater::referrals {

void throw_exception_from_error(const request_error& what, const boost::source_location& where) {
  throw std::runtime_error(what.message + " at " + where.file_name() + ":" +
                           std::to_string(where.line()));
}

} // namespace headwater::referrals
