#pragma once

// Everything that belongs to one io thread: its io_context, its sessions with their deadlines, its
// bridge to the actors and its counters. Nothing here is shared, so nothing here is locked.

#include "actors/shared/storage_errors.hpp"
#include "domain/core/keyed_hash.hpp"
#include "http/addresses/counted_address.hpp"
#include "http/server/account_turns.hpp"
#include "http/server/asio.hpp"
#include "http/server/bridge.hpp"
#include "http/server/metrics.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

namespace headwater::http {

using steady = std::chrono::steady_clock;

struct address_group;

/// Something with a deadline that the tick of its io thread watches.
class timed : public boost::intrusive::list_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
  virtual void expire() = 0;   ///< the deadline has passed
  virtual void stop() = 0;     ///< the server stops: end, but finish a request that is under way
  virtual void give_way() = 0; ///< end, because another needs the place
  virtual void abandon() = 0;  ///< end at once
  [[nodiscard]] virtual bool is_called_off() const = 0; ///< the tick abandons it

  steady::time_point deadline = steady::time_point::max();
  boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
      idle_place; ///< in the io thread's list of idle connections
  boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
      idle_place_in_group;        ///< the same, in that of its address
  address_group* group = nullptr; ///< the connections of its address, if they are limited
  bool gives_way = true;          ///< when it is idle, to a new connection where there are too many

protected:
  ~timed() = default;
};

/// The connections of one address on one io thread.
struct address_group {
  counted_address of;
  std::size_t connections = 0;
  boost::intrusive::list<timed,
                         boost::intrusive::member_hook<timed, decltype(timed::idle_place_in_group),
                                                       &timed::idle_place_in_group>,
                         boost::intrusive::constant_time_size<false>>
      idle; ///< as io_thread::idle_
};

struct io_thread {
private:
  keyed_map<counted_address, address_group> groups_; // first: sessions that end last leave it

public:
  explicit io_thread(metrics_shard& own) : counters(own) {}

  asio::io_context context{1}; ///< one thread runs it
  account_turns turns{context};
  account_places places;
  std::unique_ptr<bridge> actors; ///< null in tests that need no actors
  metrics_shard& counters;
  actors::storage_errors* storage = nullptr; ///< null in tests without a service
  boost::intrusive::list<timed, boost::intrusive::constant_time_size<false>> sessions;
  bool stopping = false;
  /// Where connections that end read what nobody looks at.
  std::array<char, std::size_t{64} * 1024> discarded;
  std::string date; ///< for the Date header, renewed by the tick

  /// A ULID with the current time; request ids are not secret, so a fast generator will do.
  [[nodiscard]] std::string new_request_id();

  /// From now on it gives way. It keeps its place if it has one.
  void enter_idle(timed& one);
  static void leave_idle(timed& one);

  /// Ends the connection that has been idle for longest, to make room for another. False if none is
  /// idle.
  bool end_longest_idle();
  /// The same among the connections of one address.
  static bool end_longest_idle(address_group& of);

  /// Puts a connection into the group of its address; it must leave before it ends.
  void enter_group(timed& one, const counted_address& of);
  void leave_group(timed& one);

  /// Whether to log something that a client can cause at will: once a second.
  [[nodiscard]] bool may_complain();

  /// Sets `date`, forgets accounts without work, and ends sessions and questions to actors whose
  /// deadline has passed.
  void tick();

private:
  /// Those that shake hands or whose next request has not come whole, the longest first.
  boost::intrusive::list<
      timed, boost::intrusive::member_hook<timed, decltype(timed::idle_place), &timed::idle_place>,
      boost::intrusive::constant_time_size<false>>
      idle_;
  std::mt19937_64 random_{std::random_device{}()};
  std::int64_t date_second_ = -1;
  std::int64_t complained_second_ = -1;
};

} // namespace headwater::http
