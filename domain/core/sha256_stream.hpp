#pragma once

// SHA-256 of data that arrives in pieces, such as a file. Owned by one caller at a time.

#include "domain/core/digest.hpp"

#include <memory>
#include <string_view>

namespace headwater {

class sha256_stream {
public:
  sha256_stream();
  ~sha256_stream();
  sha256_stream(const sha256_stream&) = delete;
  sha256_stream& operator=(const sha256_stream&) = delete;

  void update(std::string_view piece);
  /// The digest of everything so far. Call it once, at the end.
  [[nodiscard]] digest finish();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace headwater
