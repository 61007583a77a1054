#include "tools/terminal/failure.hpp"

#include "tools/terminal/printable.hpp"

#include <iostream>

namespace headwater::tools {

int failure(const std::string& why) {
  std::cerr << "headwater: " << printable(why) << '\n';
  return 1;
}

int failure(const error& why) {
  auto text = why.message;
  for (auto& fault : why.faults)
    text += "; " + to_string(fault.at) + ": " + fault.message;
  return failure(text);
}

int give_up(const std::string& why) {
  failure(why);
  return could_not;
}

int with_output_written(int status) {
  std::cout.flush();
  if (std::cout || status != 0)
    return status;
  failure(std::string{"cannot write to standard output"});
  return could_not;
}

} // namespace headwater::tools
