#include "domain/referrals/request_text.hpp"

#include "domain/json/json_reader.hpp"

#include <string>

namespace headwater::referrals {

result<void> not_blank(std::string_view body) {
  if (without_json_blanks(body).empty())
    return error{errc::bad_request, "Request body is empty"};
  return boost::system::in_place_value;
}

error not_json(const json_fault& fault) {
  return {errc::bad_request, "Request body is not valid JSON at byte " + std::to_string(fault.at) +
                                 ": " + std::string{fault.why}};
}

} // namespace headwater::referrals
