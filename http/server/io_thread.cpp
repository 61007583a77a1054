#include "http/server/io_thread.hpp"

#include "domain/core/ulid.hpp"
#include "http/server/response.hpp"

#include <cstring>
#include <utility>

namespace headwater::http {

std::string io_thread::new_request_id() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  std::array<std::uint8_t, 10> bits;
  const auto first = random_(), second = random_();
  std::memcpy(bits.data(), &first, 8);
  std::memcpy(bits.data() + 8, &second, 2);
  return make_ulid(static_cast<std::uint64_t>(ms), bits);
}

void io_thread::enter_idle(timed& one) {
  if (!one.gives_way)
    return;
  if (!one.idle_place.is_linked())
    idle_.push_back(one);
  if (one.group != nullptr && !one.idle_place_in_group.is_linked())
    one.group->idle.push_back(one);
}

void io_thread::leave_idle(timed& one) {
  one.idle_place.unlink();
  one.idle_place_in_group.unlink();
}

bool io_thread::end_longest_idle() {
  if (idle_.empty())
    return false;
  auto& one = idle_.front();
  leave_idle(one);
  one.give_way();
  return true;
}

bool io_thread::end_longest_idle(address_group& of) {
  if (of.idle.empty())
    return false;
  auto& one = of.idle.front();
  leave_idle(one);
  one.give_way();
  return true;
}

void io_thread::enter_group(timed& one, const counted_address& of) {
  one.group = &groups_[of]; // its place in memory stays
  one.group->of = of;
  ++one.group->connections;
}

void io_thread::leave_group(timed& one) {
  if (one.group == nullptr)
    return;
  leave_idle(one);
  if (--one.group->connections == 0)
    groups_.erase(counted_address{one.group->of});
  one.group = nullptr;
}

bool io_thread::may_complain() {
  return std::exchange(complained_second_, date_second_) != date_second_;
}

void io_thread::tick() {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
  if (second != date_second_) {
    date_second_ = second;
    date = http_date(second);
  }
  const auto now = steady::now();
  turns.forget_idle(now);
  for (auto at = sessions.begin(); at != sessions.end();) {
    auto& one = *at++;
    if (one.is_called_off())
      one.abandon();
    else if (one.deadline <= now)
      one.expire();
  }
  if (actors)
    actors->expire(now);
}

} // namespace headwater::http
