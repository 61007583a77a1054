#include "http/resolve/resolve_lines.hpp"

#include "actors/shared/pinned_rules.hpp"
#include "domain/core/try.hpp"
#include "domain/resolve/input/visit_json.hpp"
#include "http/gate/gate.hpp"
#include "http/gate/request_body.hpp"
#include "http/resolve/platforms_now.hpp"
#include "http/resolve/visit_lines.hpp"

namespace headwater::http {

namespace {

/// How many bytes of results are gathered before they are sent.
constexpr std::size_t lines_piece = 64 * 1024;

enum class stopped : std::uint8_t { no_line = 1, turn_is_over, piece_is_full };

void resolve_line(json_writer& out, const line_cutter::line& line, const resolution& with) {
  if (line.too_long)
    render_error(out, {errc::payload_too_large, "The line is too long"});
  else if (const auto fits = check_depth(line.text, with.limits); !fits)
    render_error(out, fits.error());
  else
    resolve_into(out, with, attribution::parse_visit(line.text, with.strict));
  out.end_line();
}

/// Resolves the lines at hand, as many as fit a turn and a piece. `is_end`: the body is complete.
stopped resolve_some(line_cutter& lines, bool is_end, const resolution& with, turn& mine,
                     json_writer& results) {
  for (;;) {
    auto line = lines.next();
    if (!line && is_end)
      line = lines.last();
    if (!line)
      return stopped::no_line;
    resolve_line(results, *line, with);
    if (results.view().size() >= lines_piece)
      return stopped::piece_is_full;
    if (mine.is_over())
      return stopped::turn_is_over;
  }
}

/// Ends the answer. One that has not begun becomes a plain error.
awaitable<result<answer>> end_early(exchange& x, error why, json_writer& results) {
  if (!x.stream().has_begun())
    co_return why;
  x.note_broken_off(why);
  render_error(results, why);
  results.end_line();
  x.stream().close_afterwards();
  (void)co_await x.stream().write_some(results.view());
  co_return sent();
}

/// Resolves the lines at hand and sends their results, except the last ones of a body that has
/// ended. Returns the answer if it has ended early.
awaitable<std::optional<result<answer>>> answer_lines(exchange& x, resolution& with,
                                                      std::optional<actors::pinned_rules>& rules,
                                                      line_cutter& lines, bool is_end,
                                                      json_writer& results) {
  turn mine;
  for (auto why = stopped::turn_is_over; why != stopped::no_line;) {
    if (auto why = lost_access(x)) {
      co_return co_await end_early(x, std::move(*why), results);
    }
    if (rules) {
      rules->renew();
      with.rules = rules->get();
    }
    why = resolve_some(lines, is_end, with, mine, results);
    // Before waiting for more lines, the client gets the results of those that it has sent.
    const bool waits = why == stopped::no_line && !is_end && !results.view().empty();
    if (waits || why == stopped::piece_is_full) {
      const bool is_there = co_await x.stream().write_some(results.view());
      if (!is_there)
        co_return sent();
      results.clear();
    }
    if (why == stopped::turn_is_over) {
      co_await x.stream().yield();
      if (x.stream().is_gone())
        co_return sent();
      mine.begin();
    }
  }
  co_return std::nullopt;
}

} // namespace

awaitable<result<answer>> resolve_lines(exchange& x, resolution with,
                                        actors::loaded_account_ptr account) {
  // Rules of the past are complete and compiled.
  std::optional<actors::pinned_rules> rules;
  if (with.as_of.empty()) {
    x.called_off = account->pin();
    with.platforms = account->platforms.get();
    if (!with.platforms) {
      CO_TRY(with.platforms, co_await platforms_now(x, account));
    }
    rules.emplace(std::move(account));
  }
  CO_CHECK(check_untagged(x));
  auto head = plain({}, 200, "application/x-ndjson");
  x.announce(head);
  line_cutter lines(x.limits().line_limit);
  json_writer results;
  for (bool more = true; more;) {
    CO_TRY(more, co_await x.stream().read_some(lines.input()));
    auto early = co_await answer_lines(x, with, rules, lines, !more, results);
    if (early)
      co_return std::move(*early);
  }
  // A short answer is sent whole, with its length.
  co_return co_await x.finish(std::move(head), std::move(results).str());
}

} // namespace headwater::http
