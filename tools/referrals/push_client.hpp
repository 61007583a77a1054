#pragma once

// Talks to one connection of a server, and tries again where that can help. Blocks; one thread.

#include "domain/analytics_files/push_batch.hpp"
#include "tools/api/api_client.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace headwater::tools {

struct push_target {
  server_address server;
  std::string token;
  std::int64_t brand = 0;
  std::string connection;
};

class push_client {
public:
  /// `run` is part of every Idempotency-Key: a batch that is tried again in this run counts once
  /// and has its first answer, and a later run is heard anew. `tell` gets a line before each pause.
  push_client(push_target target, std::string run, unsigned retries,
              std::function<void(const std::string&)> tell);

  /// A GET below /{brand}/ai-referrals. errc::io_failed where nobody answers: it is not tried
  /// again, since that is how a wrong address looks.
  [[nodiscard]] result<api_answer> get(const std::string& path);

  /// Pushes a batch. Again after a lost connection and after 429, 502, 503 and 504, in pauses that
  /// double from half a second to half a minute, and never before Retry-After says. The last
  /// answer, or errc::io_failed where there was none.
  [[nodiscard]] result<api_answer> push(const analytics_files::push_batch& batch);

  /// Requests that were tried again.
  [[nodiscard]] std::uint64_t retries() const { return retried_; }

private:
  [[nodiscard]] result<api_answer> send(const api_request& request, bool through_losses,
                                        const std::string& what);

  push_target target_;
  std::string run_;
  unsigned most_;
  std::function<void(const std::string&)> tell_;
  std::uint64_t retried_ = 0;
};

} // namespace headwater::tools
