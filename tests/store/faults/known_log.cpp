#include "tests/store/faults/known_log.hpp"

#include <algorithm>
#include <sstream>

namespace headwater::store::testing {

void known_log::learn(const std::string& note) {
  std::istringstream in{note};
  std::string what;
  std::string name;
  std::uint64_t number = 0;
  in >> what;
  if (what == "try") {
    known_command made;
    in >> number >> made.stream >> made.first >> made.events;
    commands[number] = made;
  } else if (what == "acknowledged" && in >> number) {
    commands.at(number).is_acknowledged = true;
  } else if (what == "refused" && in >> number) {
    commands.erase(number);
  } else if (what == "erasing" && in >> name >> number) {
    erasing[name] = number;
  } else if (what == "erased" && in >> name >> number) {
    erased[name] = number;
  } else if (what == "checkpoint" && in >> number) {
    checkpoint = std::max(checkpoint, number);
  } else if (what == "snapshot" && in >> name) {
    snapshots.insert(name);
  } else if (what == "pruning" && in >> name) {
    snapshots.erase(name);
  } else if (what == "restored" && in >> name) {
    restored.insert(name);
  } else if (what == "key") {
    has_key = true;
  }
}

std::string payload_of(std::uint64_t command, std::uint64_t event) {
  // Some are long, so that a log has several blocks and tables.
  const std::size_t fill = command % 7 == 0 ? 9'000 : command % 50;
  return R"({"command":)" + std::to_string(command) + R"(,"event":)" + std::to_string(event) +
         R"(,"fill":")" + std::string(fill, 'x') + R"("})";
}

std::string key_of(std::uint64_t command) {
  return "key " + std::to_string(command);
}

std::string row_of(std::uint64_t command) {
  return "row " + std::to_string(command);
}

} // namespace headwater::store::testing
