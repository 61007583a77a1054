#pragma once

// Text as OpenSSL takes it. Pure.

#include <string>
#include <string_view>

namespace headwater {

[[nodiscard]] inline const unsigned char* unsigned_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[nodiscard]] inline unsigned char* unsigned_of(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

} // namespace headwater
