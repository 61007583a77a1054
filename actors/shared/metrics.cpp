#include "actors/shared/metrics.hpp"

#include <string>

namespace headwater::actors {
namespace {

using buckets = prometheus::Histogram::BucketBoundaries;

const buckets& seconds() {
  static const buckets bounds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                              0.025,   0.05,   0.1,     0.25,   0.5,   1,      2.5,   10};
  return bounds;
}

prometheus::Counter& counter(prometheus::Registry& into, const std::string& name,
                             const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(into).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& into, const std::string& name,
                         const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(into).Add({});
}

prometheus::Histogram& histogram(prometheus::Registry& into, const std::string& name,
                                 const std::string& help, const buckets& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(into).Add({}, bounds);
}

prometheus::Histogram& mailbox(prometheus::Registry& into, const std::string& actor) {
  return prometheus::BuildHistogram()
      .Name("headwater_mailbox_wait_seconds")
      .Help("How long a message waited before its actor took it")
      .Register(into)
      .Add({{"actor", actor}}, seconds());
}

prometheus::Counter& clock_jumps(prometheus::Registry& into, const std::string& direction) {
  return prometheus::BuildCounter()
      .Name("headwater_clock_jumps_total")
      .Help("Times that the clock was set by 5 minutes or more")
      .Register(into)
      .Add({{"direction", direction}});
}

} // namespace

metrics::metrics()
    : registry(std::make_shared<prometheus::Registry>()),
      commits(counter(*registry, "headwater_journal_commits_total",
                      "Synced writes of the event log, one fsync each")),
      commands(counter(*registry, "headwater_journal_commands_total", "Commands made durable")),
      events(counter(*registry, "headwater_journal_events_total", "Events made durable")),
      commit_size(histogram(*registry, "headwater_journal_commit_commands",
                            "Commands in one synced write", {1, 2, 4, 8, 16, 32, 64, 128, 256})),
      commit_time(histogram(*registry, "headwater_journal_commit_seconds",
                            "Seconds of one synced write, fsync included", seconds())),
      journal_wait(mailbox(*registry, "journal")), account_wait(mailbox(*registry, "account")),
      ingest_wait(mailbox(*registry, "ingest")),
      journal_stopped(gauge(*registry, "headwater_journal_stopped",
                            "1 after a failed write: only reopening the database resumes")),
      loaded_accounts(
          gauge(*registry, "headwater_accounts_loaded", "Accounts whose rules are in memory")),
      account_loads(
          counter(*registry, "headwater_account_loads_total", "Accounts brought into memory")),
      account_load_time(histogram(*registry, "headwater_account_load_seconds",
                                  "Seconds to bring an account into memory", seconds())),
      states_kept(counter(*registry, "headwater_account_states_kept_total",
                          "States of accounts that were kept for their next recovery")),
      compile_time(histogram(*registry, "headwater_rule_compilation_seconds",
                             "Seconds to compile an account's rules for the resolver", seconds())),
      regex_limit_hits(counter(*registry, "headwater_regex_limit_hits_total",
                               "Evaluations of a mapping's regex that hit a limit")),
      spam_dropped(counter(*registry, "headwater_spam_referrers_total",
                           "Visits whose referrer is on the spam list and counted as none")),
      tree_size(gauge(*registry, "headwater_merkle_tree_size", "Events in the Merkle tree")),
      checkpoint_size(gauge(*registry, "headwater_checkpoint_size",
                            "Events that the last signed checkpoint covers")),
      checkpoint_time(gauge(*registry, "headwater_checkpoint_time_seconds",
                            "When this process cut its last checkpoint, Unix time; 0: not yet")),
      rows_accepted(
          counter(*registry, "headwater_ai_referral_rows_accepted_total", "Rows accepted")),
      rows_rejected(
          counter(*registry, "headwater_ai_referral_rows_rejected_total", "Rows rejected")),
      rows_deduplicated(counter(*registry, "headwater_ai_referral_rows_deduplicated_total",
                                "Accepted rows that changed nothing")),
      snapshot_time(gauge(*registry, "headwater_snapshot_last_success_timestamp_seconds",
                          "When the newest snapshot was made; 0 for none")),
      snapshot_duration(gauge(*registry, "headwater_snapshot_last_duration_seconds",
                              "Seconds that the last attempt at a snapshot took")),
      snapshot_failures(counter(*registry, "headwater_snapshot_failures_total",
                                "Attempts at a snapshot that failed")),
      clock_jumps_forward(clock_jumps(*registry, "forward")),
      clock_jumps_back(clock_jumps(*registry, "back")),
      disk_free(gauge(*registry, "headwater_disk_free_bytes",
                      "Free bytes of the file system that the log is on")),
      disk_size(gauge(*registry, "headwater_disk_size_bytes",
                      "Size of the file system that the log is on")),
      disk_is_low(gauge(*registry, "headwater_disk_below_low_water",
                        "1 while changes that add are refused because the disk is almost full")),
      storage(counter(*registry, "headwater_storage_errors_total",
                      "Stored data that could not be read or written; the log names the place")) {}

} // namespace headwater::actors
