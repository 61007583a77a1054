#include "actors/shared/admission.hpp"

#include "actors/views/projections.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/core/try.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace headwater::actors {
namespace {

constexpr std::uint64_t look_every = std::uint64_t{4} << 20; // bytes written
constexpr std::uint64_t bytes_of_an_event = 512;             // keys, header and heads, roughly
constexpr std::int64_t storage_retry = 30;                   // seconds

/// What a command counts. The headers' texts are made later, so they are not in the bytes yet.
store::usage usage_of(const store::append_command& command) {
  store::usage out;
  for (const auto& event : command.events)
    out += store::usage_of_event({}, event.part.text);
  return out;
}

/// What an append writes to the disk, roughly.
std::uint64_t bytes_of(const store::append_request& request) {
  std::uint64_t out = 0;
  for (const auto& command : request.commands) {
    for (const auto& event : command.events)
      out += bytes_of_an_event + event.part.text.size();
    for (const auto& write : command.writes)
      out += write.key.size() + (write.value ? write.value->size() : 0);
  }
  return out;
}

/// The part of the mark that a purpose leaves free.
std::uint64_t kept_by(write_purpose purpose, std::uint64_t mark) {
  switch (purpose) {
  case write_purpose::adds:
    return mark;
  case write_purpose::operates:
    return mark / 2;
  case write_purpose::frees:
    return mark / 4;
  }
  return mark;
}

/// What holds below the part of the mark that this purpose leaves free.
std::string_view refused_below(write_purpose purpose) {
  switch (purpose) {
  case write_purpose::adds:
    return "only removals are taken";
  case write_purpose::operates:
    return "what operators add is refused, too; removals go on";
  case write_purpose::frees:
    return "removals are refused, too, so that the next start has room: the disk needs more";
  }
  return {};
}

} // namespace

error storage_full(std::uint64_t left, std::uint64_t below, std::string_view then) {
  error out{errc::storage_full, "The disk is almost full: " + std::to_string(left) +
                                    " bytes are left, and below " + std::to_string(below) + " "};
  out.message += then;
  out.retry_after = storage_retry;
  return out;
}

admission::admission(std::shared_ptr<store::log_engine> log, std::shared_ptr<account_counts> counts,
                     store::low_water mark, std::shared_ptr<disk_status> disk,
                     std::shared_ptr<metrics> counters)
    : log_(std::move(log)), counts_(std::move(counts)), mark_(mark), disk_(std::move(disk)),
      counters_(std::move(counters)) {}

void admission::look_at_disk() {
  const auto seen = log_->look_at_disk(mark_);
  if (!seen) {
    // What was written since the last look still counts.
    if (!is_blind_ && mark_.percent > 0 && !log_->events().stopped_reason())
      spdlog::error(
          "the disk does not tell how much room it has; until it does, the low-water mark "
          "goes by the last answer");
    is_blind_ = true;
    return;
  }
  if (std::exchange(is_blind_, false))
    spdlog::info("the disk tells again how much room it has");
  written_ = 0;
  left_ = seen->left();
  limit_ = seen->mark;
  // A little more than the mark before it ends, so that it does not begin and end all the time.
  const auto was_low = disk_->is_low();
  const bool is_low = limit_ > 0 && left_ < (was_low ? end_of_low() : limit_);
  disk_->set(*seen, is_low);
  counters_->disk_free.Set(static_cast<double>(seen->disk.free));
  counters_->disk_size.Set(static_cast<double>(seen->disk.size));
  counters_->disk_is_low.Set(is_low ? 1 : 0);
  if (is_low && !was_low)
    spdlog::error("the disk is almost full: {} bytes are left, and the low-water mark is {}; from "
                  "now on removals are taken, and for a while what operators do",
                  left_, limit_);
  else if (was_low && !is_low)
    spdlog::info("the disk has room again: {} bytes; all changes are written", left_);
}

result<void> admission::check_disk(write_purpose purpose, std::uint64_t bytes) const {
  if (limit_ == 0)
    return {};
  const auto taken = 2 * (written_ + bytes);
  const auto left = left_ > taken ? left_ - taken : 0;
  // For those that add the mark is a little higher until there is room again.
  const auto below =
      purpose == write_purpose::adds && disk_->is_low() ? end_of_low() : kept_by(purpose, limit_);
  if (left < below || (purpose == write_purpose::adds && disk_->is_low()))
    return storage_full(left, below, refused_below(purpose));
  return {};
}

result<void> admission::take_room(const append_message& wanted, const store::usage& adds) {
  if (wanted.purpose != write_purpose::frees) {
    counts_->load(wanted.account_id);
    return counts_->take(wanted.account_id, adds);
  }
  counts_->take_anyway(wanted.account_id, adds);
  return {};
}

result<void> admission::admit(append_message& wanted) {
  if (written_ > look_every)
    look_at_disk();
  const auto bytes = bytes_of(wanted.request);
  CHECK(check_disk(wanted.purpose, bytes));
  for (const auto& each : wanted.counted)
    counts_->load(each.account_id);
  if (!wanted.account_id.empty()) {
    store::usage all;
    std::vector<taken_room> rooms;
    for (const auto& command : wanted.request.commands) {
      rooms.push_back({wanted.account_id, usage_of(command), rooms.size()});
      all += rooms.back().adds;
    }
    CHECK(take_room(wanted, all));
    std::ranges::move(rooms, std::back_inserter(wanted.counted));
  }
  written_ += bytes;
  return {};
}

void admission::settle(std::span<const taken_room> rooms, const store::append_outcome& outcome) {
  const bool is_there = outcome.status == store::append_status::appended;
  for (const auto& each : rooms)
    counts_->settle(each.account_id, each.adds,
                    is_there ? outcome.added.at(each.command) : store::usage{});
}

} // namespace headwater::actors
