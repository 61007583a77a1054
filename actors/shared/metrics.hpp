#pragma once

// The service's metrics below HTTP, in one prometheus registry that /metrics renders. Counters and
// histograms of prometheus-cpp are thread-safe.

#include "actors/shared/storage_errors.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <memory>

namespace headwater::actors {

struct metrics {
  metrics();

  std::shared_ptr<prometheus::Registry> registry;

  prometheus::Counter& commits;        ///< synced writes of the journal: one fsync each
  prometheus::Counter& commands;       ///< commands made durable
  prometheus::Counter& events;         ///< events made durable
  prometheus::Histogram& commit_size;  ///< commands in one synced write
  prometheus::Histogram& commit_time;  ///< seconds of one synced write, fsync included
  prometheus::Histogram& journal_wait; ///< seconds that an append waited in the journal's mailbox
  prometheus::Histogram& account_wait; ///< the same for a command in an account's mailbox
  prometheus::Histogram& ingest_wait;  ///< the same for a push in an ingest worker's mailbox
  prometheus::Gauge& journal_stopped;  ///< 1 after a failed write
  prometheus::Gauge& loaded_accounts;
  prometheus::Counter& account_loads;
  prometheus::Histogram& account_load_time; ///< seconds to bring an account into memory
  prometheus::Counter& states_kept;         ///< states of accounts stored for their next recovery
  prometheus::Histogram& compile_time;      ///< seconds to compile an account's rules
  prometheus::Counter& regex_limit_hits;    ///< evaluations that gave up and counted as no match
  prometheus::Counter& spam_dropped;        ///< visits whose referrer was on the spam list
  prometheus::Gauge& tree_size;             ///< events in the Merkle tree
  prometheus::Gauge& checkpoint_size;       ///< events that the last checkpoint covers
  prometheus::Gauge& checkpoint_time; ///< when it was cut, seconds since 1970; 0 before the first
  prometheus::Counter& rows_accepted;
  prometheus::Counter& rows_rejected;
  prometheus::Counter& rows_deduplicated;
  prometheus::Gauge& snapshot_time;     ///< Unix seconds of the newest snapshot; 0: none
  prometheus::Gauge& snapshot_duration; ///< seconds that the last attempt took
  prometheus::Counter& snapshot_failures;
  prometheus::Counter& clock_jumps_forward; ///< of 5 minutes or more, while this runs
  prometheus::Counter& clock_jumps_back;
  prometheus::Gauge& disk_free;   ///< bytes
  prometheus::Gauge& disk_size;   ///< bytes
  prometheus::Gauge& disk_is_low; ///< 1 while changes that add are refused
  storage_errors storage;         ///< stored data that could not be read or written
};

} // namespace headwater::actors
