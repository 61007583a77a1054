#include "tools/failure.hpp"

#include <iostream>

namespace headwater::tools {

int failure(const std::string& why) {
  std::cerr << "headwater: " << why << '\n';
  return 1;
}

int failure(const error& why) {
  auto text = why.message;
  for (auto& fault : why.faults)
    text += "; " + fault.field + ": " + fault.message;
  return failure(text);
}

} // namespace headwater::tools
