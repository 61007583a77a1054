#include "store/audit/log_export.hpp"

#include "domain/core/try.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/erasure_before_checkpoint.hpp"
#include "store/audit/event_proof.hpp"
#include "store/log/event_json.hpp"

namespace headwater::store {
namespace {

constexpr std::uint64_t events_between_reports = 1000;

/// Writes events one after the other, up to the last one covered by the checkpoint.
class exporter {
public:
  exporter(const checkpoint& within, std::uint64_t of, const export_sink& put,
           const export_progress& tell)
      : within_(within), of_(of), put_(put), tell_(tell) {}

  result<void> add(const recorded_event& event) {
    if (event.header.position > within_.size)
      return enough();
    line_.clear();
    append_event(line_, event);
    line_ += '\n';
    if (auto written = put_(line_); !written)
      return written;
    last_.header = event.header;
    last_.chain = event.chain;
    if (++events_ % events_between_reports == 0)
      tell_(events_, of_);
    return {};
  }

  /// The error with which add() ends a read.
  static error enough() { return {errc::internal_error, "enough"}; }

  [[nodiscard]] std::uint64_t events() const { return events_; }
  /// Only header and chain value.
  [[nodiscard]] const recorded_event& last() const { return last_; }

private:
  const checkpoint& within_;
  std::uint64_t of_;
  const export_sink& put_;
  const export_progress& tell_;
  std::string line_;
  std::uint64_t events_ = 0;
  recorded_event last_;
};

result<void> write_last_line(const table_store& tables, const stored_checkpoint& within,
                             const recorded_event* proven, const export_sink& put) {
  json_writer out;
  out.begin_object().member("checkpoint", within.note).key("inclusion");
  if (proven != nullptr) {
    const chained_header last{proven->header, proven->chain};
    TRY(auto proof, prove_event(tables, last, within.says));
    write_proof(out, proof);
  } else {
    out.null();
  }
  out.end_object().end_line();
  return put(out.view());
}

} // namespace

result<exported> export_log(const event_log& log, const table_store& tables,
                            const std::optional<stream_name>& stream, const export_sink& put,
                            const export_progress& tell) {
  TRY(auto within, latest_checkpoint(tables));
  if (!within)
    return error{errc::not_found, "there is no checkpoint yet that an export could be proven by"};
  TRY(auto version, stream ? log.version(*stream) : result<std::uint64_t>{log.end().position});
  if (version == 0)
    return error{errc::not_found, "there is no stream " + stream.value_or("")};
  // The export of one account or connection says nothing about erasures.
  if (!stream)
    CHECK(check_erasures_before_checkpoint(log, within->says.size));
  exporter lines{within->says, version, put, tell};
  const auto visit = [&](const recorded_event& event) { return lines.add(event); };
  auto read = stream ? log.read_stream(*stream, 1, visit) : log.read_all(1, visit);
  if (!read && read.error() != exporter::enough())
    return read.error();
  if (lines.events() == 0)
    return error{errc::not_found, "no checkpoint covers an event of " + stream.value_or("the log") +
                                      " yet; wait for the next one"};
  CHECK(write_last_line(tables, *within, stream ? &lines.last() : nullptr, put));
  return exported{lines.events(), version - lines.events(), within->says.size};
}

} // namespace headwater::store
