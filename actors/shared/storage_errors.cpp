#include "actors/shared/storage_errors.hpp"

#include "actors/protocol/clock.hpp"

namespace headwater::actors {

bool is_storage_error(const error& why) noexcept {
  return why.code == errc::corrupt_log || why.code == errc::io_failed ||
         why.code == errc::incompatible_data;
}

void storage_errors::add(const error& why) {
  if (!is_storage_error(why))
    return;
  total_.Increment();
  const std::lock_guard hold{mutex_};
  ++report_.count;
  report_.last = why.message;
  report_.last_at = now();
}

std::optional<storage_error_report> storage_errors::report() const {
  const std::lock_guard hold{mutex_};
  return report_.count > 0 ? std::optional{report_} : std::nullopt;
}

} // namespace headwater::actors
