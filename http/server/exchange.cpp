#include "http/server/exchange.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "http/addresses/forwarded.hpp"
#include "http/server/io_thread.hpp"
#include "http/server/session.hpp"

#include <openssl/crypto.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>

namespace headwater::http {

namespace {

error no_memory_left() {
  return {errc::service_unavailable, "The memory for large bodies and answers is in use; retry"};
}

/// Not 503: it would be the same the next time.
error never_enough_memory(std::size_t bytes, std::size_t most) {
  return {errc::validation_error,
          {},
          {{location{"query"},
            "The answer would take " + std::to_string(bytes) +
                " bytes of memory, and one account may have " + std::to_string(most) +
                "; ask for less at once",
            "value_error"}}};
}

} // namespace

std::optional<std::string_view> exchange::credentials() const {
  if (const auto given = head.find("authorization")) {
    const auto space = given->find(' ');
    if (space == 6 && starts_with_nocase(*given, "bearer")) {
      auto secret = given->substr(space);
      secret.remove_prefix(std::min(secret.find_first_not_of(' '), secret.size()));
      return secret;
    }
  }
  return head.find("x-api-key");
}

const digest& exchange::hash_of(std::string_view secret) {
  // In constant time: behind a proxy, a connection's previous secret may be another client's.
  if (secret.empty() || secret.size() != last_secret_.size() ||
      CRYPTO_memcmp(secret.data(), last_secret_.data(), secret.size()) != 0) {
    last_secret_ = secret;
    last_hash_ = sha256({secret});
  }
  return last_hash_;
}

result<std::shared_ptr<const void>> exchange::borrow(actors::shares& from,
                                                     std::size_t bytes) const {
  if (bytes <= uncounted_bytes)
    return std::shared_ptr<const void>{};
  auto taken = from.take(charged_to, bytes);
  if (!taken)
    return no_memory_left();
  return taken;
}

result<void> exchange::reserve(actors::shares& from, std::size_t bytes) {
  TRY(auto taken, borrow(from, bytes));
  if (taken)
    reserved_.push_back(std::move(taken));
  return {};
}

result<void> exchange::take_place() {
  constexpr std::size_t share = 8; // an account's of what is left, as a part of all
  const auto all = limits_.in_flight_limit;
  if (place_ || thread_.counters.in_flight.get() <= all / 2)
    return {};
  place_ = thread_.places.take(charged_to, std::max<std::size_t>(all / share, 1));
  if (!place_)
    return error{errc::service_unavailable, "Too many requests of this account in flight"};
  return {};
}

result<void> exchange::reserve_body(std::size_t bytes) {
  if (bytes <= uncounted_body_bytes)
    return {};
  auto taken = memory_.bodies.take(charged_to, bytes);
  if (!taken)
    return no_memory_left();
  reserved_.push_back(std::move(taken));
  return {};
}

result<void> exchange::reserve_parsed(std::size_t bytes) {
  constexpr std::size_t growth = 8;
  return reserve_members(bytes * growth);
}

result<void> exchange::reserve_members(std::size_t bytes) {
  return reserve_body(std::min(bytes, memory_.bodies.of_one() / 2));
}

result<void> exchange::reserve_answer(std::size_t bytes) {
  return reserve(memory_.answers, std::min(bytes, memory_.answers.of_one()));
}

result<void> exchange::cover_answer(std::size_t bytes) {
  constexpr std::size_t step = 256 * 1024;
  if (bytes <= uncounted_bytes || bytes <= answer_covered_)
    return {};
  if (const auto most = memory_.answers.of_one(); bytes > most)
    return never_enough_memory(bytes, most);
  const auto least = bytes - answer_covered_;
  const auto left = memory_.answers.of_one() - std::min(answer_covered_, memory_.answers.of_one());
  const auto more = std::max(least, std::min(step, left));
  auto taken = memory_.answers.take(charged_to, more);
  if (!taken)
    return no_memory_left();
  reserved_.push_back(std::move(taken));
  answer_covered_ += more;
  return {};
}

result<std::shared_ptr<const void>> exchange::borrow_answer(std::size_t bytes) {
  return borrow(memory_.answers, std::min(bytes, memory_.answers.of_one()));
}

std::string_view exchange::route_name() const {
  return match.found != nullptr ? match.found->name : "none";
}

void exchange::note(const error& why) {
  if (!actors::is_storage_error(why))
    return;
  spdlog::error("event=storage_error request_id={} route={} reason=\"{}\"", request_id,
                route_name(), why.message);
  if (thread_.storage != nullptr)
    thread_.storage->add(why);
}

void exchange::note_broken_off(const error& why) {
  note(why);
  if (!actors::is_storage_error(why))
    spdlog::warn("event=answer_broken_off request_id={} route={} reason=\"{}\"", request_id,
                 route_name(), why.message);
}

std::string_view exchange::media_type() const {
  const auto given = head.value("content-type");
  return trimmed(given.substr(0, given.find(';')));
}

counted_address exchange::client() const {
  std::vector<std::string_view> lines;
  if (!limits_.trusted_proxies.empty())
    for (const auto& field : head.fields)
      if (field.name == "x-forwarded-for")
        lines.push_back(field.value);
  return counted(client_behind(limits_.trusted_proxies, peer, lines));
}

void exchange::begin_work() {
  working_since_ = steady::now();
}

void exchange::end_work() {
  if (!working_since_)
    return;
  const auto now = steady::now();
  thread_.turns.charge(charged_to, now - *working_since_, now);
  working_since_.reset();
}

bool exchange::must_wait() const {
  return thread_.turns.counts_any() && thread_.turns.must_wait(charged_to, steady::now());
}

awaitable<void> exchange::await_turn() {
  if (!must_wait())
    co_return;
  const waiting_time until_then(*this);
  co_await thread_.turns.next(charged_to);
}

/// Versions and positions may recur in a log restored from a snapshot, which takes a restart; so no
/// tag outlives the process.
std::uint64_t start_number() {
  static const std::uint64_t number = [] {
    std::random_device source;
    return (std::uint64_t{source()} << 32U) | source();
  }();
  return number;
}

/// A tag belongs to one URI and one content type; two forms of the same version must not share it.
std::string exchange::etag_of(const answer& of) const {
  if (of.version.empty())
    return of.etag;
  // Increase it when the same state is rendered differently than before.
  constexpr std::string_view form = "1";
  constexpr std::string_view end("\0", 1);
  constexpr std::size_t digits = 16;
  const auto start = std::to_string(start_number());
  const auto hash = sha256({start, end, form, end, canonical_path(head.path), end, head.query, end,
                            of.content_type, end, of.version});
  return '"' + of.version.substr(0, of.version.find(' ')) + '-' + to_hex(hash).substr(0, digits) +
         '"';
}

void exchange::announce(const answer& head) {
  out.status = head.status;
  out.content_type = head.content_type;
  out.is_immutable = head.is_immutable;
  out.fields.resize(common_fields);
  out.fields.append(head.fields);
  out.etag = etag_of(head);
}

awaitable<answer> exchange::finish(std::string rest) {
  answer head;
  co_return co_await finish(std::move(head), std::move(rest));
}

awaitable<answer> exchange::finish(answer head, std::string rest) {
  if (!stream_.has_begun()) {
    head.body = std::move(rest);
    co_return head;
  }
  if (!rest.empty())
    (void)co_await stream_.write_some(rest);
  co_return sent();
}

} // namespace headwater::http
