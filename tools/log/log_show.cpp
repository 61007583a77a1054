// Implements `headwater log show` of log.hpp.

#include "actors/views/event_pages.hpp"
#include "domain/core/given_time.hpp"
#include "domain/core/try.hpp"
#include "store/log/event_json.hpp"
#include "store/open_log.hpp"
#include "tools/log/event_text.hpp"
#include "tools/log/log.hpp"
#include "tools/terminal/printable.hpp"
#include "tools/terminal/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <unistd.h>

namespace headwater::tools {
namespace {

struct filter {
  store::stream_name stream; ///< empty: all
  std::uint64_t after = 0;
  std::uint64_t end = 0; ///< where the stream or the log ends
  micros to = 0;
};

result<micros> time_option(const std::string& flag, const std::string& text, micros otherwise) {
  if (text.empty())
    return otherwise;
  const auto at = parse_given_time(text);
  if (!at)
    return error{errc::validation_error,
                 flag + ": '" + text + "' is no RFC 3339 time such as 2026-05-20T10:00:00Z"};
  return *at;
}

/// The events that the options select, apart from type and limit.
result<filter> read_filter(const store::event_log& log, const log_options& with) {
  constexpr auto always = std::numeric_limits<micros>::max();
  filter out{wanted_stream(with), with.after, log.end().position, always};
  const auto from = time_option("--from", with.from, 0);
  const auto to = time_option("--to", with.to, always);
  if (!from || !to)
    return from ? to.error() : from.error();
  out.to = *to;
  if (!out.stream.empty()) {
    TRY(const auto version, log.version(out.stream));
    if (version == 0)
      return error{errc::not_found, "there is no stream " + out.stream};
    out.end = version;
  }
  if (with.from.empty())
    return out;
  TRY(const auto before, actors::count_until(log, out.stream, out.end, *from - 1));
  out.after = std::max(out.after, before);
  return out;
}

/// Prints the wanted events until there are enough.
class printer {
public:
  printer(const log_options& with, const filter& wanted)
      : with_(with), wanted_(wanted),
        is_human_(with.human || (!with.json && ::isatty(STDOUT_FILENO) == 1)) {}

  result<void> operator()(const store::recorded_event& event) {
    const auto& header = event.header;
    if (header.time > wanted_.to || (with_.limit > 0 && shown_ == with_.limit))
      return enough();
    bar_.show("reading", wanted_.stream.empty() ? header.position : header.sequence, wanted_.end);
    if (!with_.type.empty() && header.type != with_.type)
      return {};
    ++shown_;
    line_.clear();
    if (is_human_) {
      line_ = text_of(event);
    } else {
      store::append_event(line_, event);
      line_ += '\n';
    }
    bar_.clear();
    if (std::fwrite(line_.data(), 1, line_.size(), stdout) != line_.size())
      return cannot_write();
    return {};
  }

  [[nodiscard]] bool has_enough() const { return has_enough_; }
  [[nodiscard]] bool has_shown() const { return shown_ > 0; }
  static error cannot_write() { return {errc::io_failed, "cannot write to standard output"}; }

private:
  result<void> enough() {
    has_enough_ = true;
    return error{errc::internal_error, "enough"};
  }

  const log_options& with_;
  const filter& wanted_;
  bool is_human_;
  progress bar_;
  std::string line_;
  std::uint64_t shown_ = 0;
  bool has_enough_ = false;
};

} // namespace

int show_log(const log_options& with) {
  const auto log = store::open_log_to_read(with.data);
  if (!log)
    return log_failure(log.error());
  const auto& events = (*log)->events();
  const auto wanted = read_filter(events, with);
  if (!wanted)
    return log_failure(wanted.error());
  result<void> shown;
  {
    printer print{with, *wanted};
    if (wanted->after < wanted->end)
      shown = wanted->stream.empty()
                  ? events.read_all(wanted->after + 1, std::ref(print))
                  : events.read_stream(wanted->stream, wanted->after + 1, std::ref(print));
    if (print.has_enough())
      shown = {};
    // Perhaps it is only misspelt; there is no list of the types of all programs' versions.
    if (shown && !with.type.empty() && !print.has_shown())
      std::fprintf(stderr, "headwater: no event of type %s is among those asked for\n",
                   printable(with.type).c_str());
  }
  if (std::fflush(stdout) != 0 && shown)
    shown = printer::cannot_write();
  return shown ? 0 : log_failure(shown.error());
}

} // namespace headwater::tools
