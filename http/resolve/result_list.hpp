#pragma once

// The answer to a batch of visits in JSON on its way out: whole where it is short, else in pieces,
// so that explanations of 10,000 visits need not stand in memory together. On a handler's stack.

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
  /// Whether it is time to send or to let others have a turn.
  [[nodiscard]] bool is_due() { return is_long() || mine_.is_over(); }
  /// Does both, each if it is time. False: the client is gone. Give what it is awaited for a name:
  /// gcc 12 at -O2 ends an awaitable wrongly in `if (!co_await ...) co_return value;`.
  [[nodiscard]] awaitable<bool> go_on();

  /// The end: `summary` stands beside the results where it is not empty, `meta` beside the data.
  [[nodiscard]] awaitable<answer> finish(std::string_view summary, std::string_view meta);

private:
  [[nodiscard]] bool is_long() const;

  exchange& x_;
  std::string gathered_ = R"({"success":true,"data":{"results":[)";
  bool is_first_ = true;
  turn mine_;
};

} // namespace headwater::http
