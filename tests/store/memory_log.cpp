#include "tests/store/memory_log.hpp"

#include "store/log/event_checks.hpp"
#include "store/log/event_codec.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>

namespace headwater::store {
namespace {

constexpr std::size_t cached_heads = 1'000;

} // namespace

memory_log::memory_log()
    : log_engine({*this, *this, *this, *this}), appender_(log_end{}, cached_heads) {}

std::vector<append_outcome> memory_log::append(std::span<const append_request> group, micros now) {
  return appender_.append(group, now, *this);
}

result<stream_head> memory_log::load_head(const stream_name& stream) {
  std::shared_lock lock{mutex_};
  auto found = streams_.find(stream);
  if (found == streams_.end())
    return stream_head{};
  const auto& last = *found->second.back();
  return stream_head{last.header.sequence, last.header.position, last.chain};
}

result<void> memory_log::commit(const commit_batch& batch) {
  std::vector<event_pointer> events;
  for (const auto& planned : batch.events) {
    auto event = std::make_shared<recorded_event>();
    event->header = *planned.header;
    event->header_text = planned.header_text;
    event->chain = planned.chain;
    event->part = *planned.part;
    if (!decode_part(*event))
      return corrupt_event(planned.header->stream, planned.header->sequence,
                           "the payload part is not canonical");
    events.push_back(std::move(event));
  }
  std::lock_guard lock{mutex_};
  if (next_failure_)
    return error{errc::io_failed, *next_failure_};
  for (auto& event : events) {
    all_.push_back(event);
    streams_[event->header.stream].push_back(std::move(event));
  }
  for (const auto& use : batch.uses)
    uses_[{*use.stream, *use.key}] = use.use;
  for (const auto* write : batch.writes)
    tables_.apply(*write);
  end_ = batch.end;
  return {};
}

memory_log::event_pointer memory_log::event_of(const stream_name& stream,
                                               std::uint64_t sequence) const {
  std::shared_lock lock{mutex_};
  auto found = streams_.find(stream);
  if (found == streams_.end() || sequence == 0 || sequence > found->second.size())
    return nullptr;
  return found->second[sequence - 1];
}

memory_log::event_pointer memory_log::event_at(std::uint64_t position) const {
  std::shared_lock lock{mutex_};
  return position == 0 || position > all_.size() ? nullptr : all_[position - 1];
}

result<void> memory_log::read_stream(const stream_name& stream, std::uint64_t from_sequence,
                                     const event_visitor& visit) const {
  auto first = std::max<std::uint64_t>(from_sequence, 1);
  auto last = version(stream);
  auto before = event_of(stream, first - 1);
  stream_checker checker{stream, first, before ? before->chain : digest{}};
  while (checker.next() <= *last) {
    auto event = event_of(stream, checker.next());
    if (auto good = checker.check(*event); !good)
      return good;
    if (auto more = visit(*event); !more)
      return more;
  }
  return {};
}

std::vector<stream_name> memory_log::names_from(std::string_view prefix) const {
  std::shared_lock lock{mutex_};
  std::vector<stream_name> out;
  for (const auto& [stream, events] : streams_)
    if (stream.starts_with(prefix))
      out.push_back(stream);
  return out;
}

result<void> memory_log::read_streams(std::string_view prefix, const event_visitor& visit) const {
  for (const auto& stream : names_from(prefix))
    if (auto read = read_stream(stream, 1, visit); !read)
      return read;
  return {};
}

result<void> memory_log::read_all(std::uint64_t from_position, const event_visitor& visit) const {
  auto last = end().position;
  for (auto at = std::max<std::uint64_t>(from_position, 1); at <= last; ++at) {
    auto event = event_at(at);
    if (auto good = check_at_position(*event, at); !good)
      return good;
    if (auto more = visit(*event); !more)
      return more;
  }
  return {};
}

result<void> memory_log::read_stream_back(const stream_name& stream, std::uint64_t from_sequence,
                                          const event_visitor& visit) const {
  for (auto at = std::min(from_sequence, *version(stream)); at > 0; --at) {
    const auto event = event_of(stream, at);
    const auto before = event_of(stream, at - 1);
    if (auto good = check_after(*event, before.get()); !good)
      return good;
    if (auto more = visit(*event); !more)
      return more;
  }
  return {};
}

result<void> memory_log::read_all_back(std::uint64_t from_position,
                                       const event_visitor& visit) const {
  for (auto at = std::min(from_position, end().position); at > 0; --at) {
    const auto event = event_at(at);
    if (auto good = check_at_position(*event, at); !good)
      return good;
    if (auto more = visit(*event); !more)
      return more;
  }
  return {};
}

result<void> memory_log::visit_heads(const head_visitor& visit) const {
  for (const auto& stream : names_from("")) {
    const auto count = version(stream);
    const auto last = event_of(stream, *count);
    if (auto more = visit(stream, {*count, last->header.position, last->chain}); !more)
      return more;
  }
  return {};
}

result<std::uint64_t> memory_log::version(const stream_name& stream) const {
  std::shared_lock lock{mutex_};
  auto found = streams_.find(stream);
  return found == streams_.end() ? 0 : std::uint64_t{found->second.size()};
}

result<std::vector<std::optional<idempotent_use>>>
memory_log::find_uses(const stream_name& stream, std::span<const std::string> keys) const {
  std::shared_lock lock{mutex_};
  std::vector<std::optional<idempotent_use>> out;
  out.reserve(keys.size());
  for (const auto& key : keys) {
    const auto found = uses_.find({stream, key});
    out.push_back(found == uses_.end() ? std::nullopt : std::optional{found->second});
  }
  return out;
}

log_end memory_log::end() const {
  std::shared_lock lock{mutex_};
  return end_;
}

result<std::optional<std::string>> memory_log::get(table where, std::string_view key) const {
  std::shared_lock lock{mutex_};
  return tables_.get(where, key);
}

result<std::vector<std::optional<std::string>>>
memory_log::get_many(table where, std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> out;
  out.reserve(keys.size());
  for (const auto& key : keys)
    out.push_back(*get(where, key));
  return out;
}

result<void> memory_log::scan(table where, std::string_view prefix, std::string_view from,
                              const row_visitor& visit) const {
  std::vector<std::pair<std::string, std::string>> found;
  {
    std::shared_lock lock{mutex_};
    const auto scanned =
        tables_.scan(where, prefix, from, [&](std::string_view key, std::string_view value) {
          found.emplace_back(key, value);
          return true;
        });
    if (!scanned)
      return scanned;
  }
  for (const auto& [key, value] : found) // without the lock: the visitor may read the log
    if (!visit(key, value))
      break;
  return {};
}

std::unique_ptr<const table_reader> memory_log::view() const {
  std::shared_lock lock{mutex_};
  return std::make_unique<memory_tables>(tables_);
}

result<void> memory_log::scan_back(table where, std::string_view prefix,
                                   const row_visitor& visit) const {
  std::vector<std::pair<std::string, std::string>> found;
  auto scanned = scan(where, prefix, {}, [&](std::string_view key, std::string_view value) {
    found.emplace_back(key, value);
    return true;
  });
  for (auto row = found.rbegin(); scanned && row != found.rend(); ++row)
    if (!visit(row->first, row->second))
      break;
  return scanned;
}

result<void> memory_log::put(std::span<const table_write> rows) {
  if (auto allowed = check_needs_no_event(rows); !allowed)
    return allowed;
  return put_aside(rows);
}

result<void> memory_log::put_checkpoint(std::uint64_t size, std::string_view note) {
  const table_write row{table::proofs, checkpoint_key(size), std::string{note}};
  return put_aside({&row, 1});
}

result<void> memory_log::put_aside(std::span<const table_write> rows) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  std::lock_guard lock{mutex_};
  if (next_failure_) {
    appender_.stop(*next_failure_);
    return error{errc::io_failed, *next_failure_};
  }
  for (const auto& row : rows)
    tables_.apply(row);
  return {};
}

std::uint64_t memory_log::provable_events() const {
  return end().position;
}

result<std::vector<digest>> memory_log::chains(std::uint64_t from_position,
                                               std::size_t most) const {
  std::shared_lock lock{mutex_};
  std::vector<digest> out;
  for (auto at = from_position - 1; at < all_.size() && out.size() < most; ++at)
    out.push_back(all_[at]->chain);
  return out;
}

result<std::optional<chained_header>> memory_log::find_header(const stream_name& stream,
                                                              std::uint64_t number) const {
  std::shared_lock lock{mutex_};
  for (const auto& event : all_) {
    const auto& header = event->header;
    const bool is_here = stream.empty() ? header.position == number
                                        : header.stream == stream && header.sequence == number;
    if (is_here)
      return std::optional{chained_header{header, event->chain}};
  }
  return std::optional<chained_header>{};
}

result<std::optional<std::uint64_t>> memory_log::position(table where) const {
  if (!is_projection(where))
    return std::optional<std::uint64_t>{};
  return std::optional{end().position};
}

result<void> memory_log::rebuild(table where,
                                 const std::function<result<void>(const row_sink&)>& fill) {
  if (!can_be_rebuilt(where))
    return error{errc::internal_error, "this table is not from the log"};
  {
    std::lock_guard lock{mutex_};
    tables_.all[where].clear();
  }
  return fill([&](std::span<const table_write> writes) -> result<void> {
    std::lock_guard lock{mutex_};
    for (const auto& write : writes)
      if (write.where == where)
        tables_.apply(write);
    return {};
  });
}

result<std::uint64_t> memory_log::erase_parts(const stream_name& stream,
                                              std::span<const std::uint64_t> sequences) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  std::uint64_t erased = 0;
  std::lock_guard lock{mutex_};
  for (const auto sequence : sequences) {
    auto found = streams_.find(stream);
    if (found == streams_.end() || sequence == 0 || sequence > found->second.size())
      return corrupt_event(stream, sequence, "its record is missing");
    auto& event = found->second[sequence - 1];
    if (!event->part)
      continue;
    if (event->key)
      if (auto use = uses_.find({stream, event->key->key});
          use != uses_.end() && use_is_of(use->second, sequence))
        uses_.erase(use);
    auto bare = std::make_shared<recorded_event>(*event);
    bare->part.reset();
    static_cast<void>(decode_part(*bare)); // of no part: empties what it had
    all_[event->header.position - 1] = bare;
    event = std::move(bare);
    ++erased;
  }
  return erased;
}

result<void> memory_log::erase_rows(std::span<const row_range> ranges) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  std::lock_guard lock{mutex_};
  for (const auto& range : ranges) {
    auto& rows = tables_.all[range.where];
    rows.erase(rows.lower_bound(range.from), rows.lower_bound(range.to));
  }
  return {};
}

result<void> memory_log::scrub(std::atomic<bool>&) {
  return {}; // nothing here keeps what was replaced
}

result<void> memory_log::sync_head() {
  return {}; // nothing here outlives the process
}

std::optional<std::string> memory_log::stopped_reason() const {
  return appender_.stopped_reason();
}

commit_statistics memory_log::statistics() const {
  return appender_.statistics();
}

void memory_log::fail_next_commit(std::string reason) {
  std::lock_guard lock{mutex_};
  next_failure_ = std::move(reason);
}

std::optional<disk_room> memory_log::look_at_disk(const low_water& mark) {
  std::shared_lock lock{mutex_};
  auto out = disk_;
  if (out)
    out->mark = bytes_of(mark, out->disk.size);
  return out;
}

void memory_log::set_disk(const std::optional<disk_room>& room) {
  std::lock_guard lock{mutex_};
  disk_ = room;
}

} // namespace headwater::store
