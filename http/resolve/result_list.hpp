#pragma once

// The JSON answer to a batch of visits: sent whole if it is short, else in pieces, so that the
// explanations of 10,000 visits need not be in memory together. On a handler's stack.

#include "domain/json/json_writer.hpp"
#include "http/resolve/resolution.hpp"
#include "http/server/exchange.hpp"

#include <string>
#include <string_view>

namespace headwater::http {

class result_list {
public:
  explicit result_list(exchange& x) : x_(x) {}

  void add(std::string_view result);
  /// Whether it is time to send a piece or to give others a turn.
  [[nodiscard]] bool is_due() { return is_long() || mine_.is_over(); }
  /// Does whichever is due. False: the client is gone. Store the result in a variable before
  /// testing it: gcc 12 at -O2 miscompiles the end of an awaitable in `if (!co_await ...) co_return
  /// value;`.
  [[nodiscard]] awaitable<bool> go_on();

  /// Ends the answer: `summary`, unless empty, goes beside the results, `meta` beside the data.
  [[nodiscard]] awaitable<answer> finish(std::string_view summary, std::string_view meta);

private:
  [[nodiscard]] bool is_long() const;

  exchange& x_;
  std::string gathered_ = R"({"success":true,"data":{"results":[)";
  bool is_first_ = true;
  turn mine_;
};

} // namespace headwater::http
