#include "http/server/shared_body.hpp"

#include "http/server/gzip.hpp"

namespace headwater::http {

std::string_view shared_body::gzip() const {
  if (is_packed_ahead_)
    return bytes_.gzip;
  std::call_once(is_packed_, [this] {
    std::string packed;
    gzip_writer writer;
    writer.add(packed, bytes_.plain);
    writer.finish(packed);
    packed.shrink_to_fit();
    gzip_ = std::move(packed);
  });
  return gzip_;
}

/// Called with the lock.
bool shared_page::is_due(steady_nanos now) {
  if (last_ && kept_.size() > many_kept) {
    std::erase_if(kept_, [](const auto& each) { return each.expired(); });
    if (kept_.size() > many_kept && now - last_at_ < longest_shown)
      return false;
  }
  return take_one(full_at_, most_often, now).is_admitted || !last_;
}

shared_body_ptr shared_page::get(steady_nanos now) {
  std::uint64_t number = 0;
  {
    std::lock_guard hold{lock_};
    if (!is_due(now))
      return last_;
    number = ++begun_;
  }
  // Not under the lock: another thread gets the last one instead of waiting.
  auto made = std::make_shared<const shared_body>(make_());
  std::lock_guard hold{lock_};
  if (number < last_begun_) // it took longer than a later one, and counters never go back
    return last_;
  last_begun_ = number;
  last_at_ = now;
  last_ = made;
  kept_.push_back(made);
  return made;
}

} // namespace headwater::http
