#pragma once

// Talks to one connection of a server, and retries where that may help. Blocks; one thread.

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
  /// `run` is part of every Idempotency-Key: a batch that is retried within this run counts once
  /// and gets its first answer again, while a later run is treated as new. `tell` gets a line
  /// before each pause.
  push_client(push_target target, std::string run, unsigned retries,
              std::function<void(const std::string&)> tell);

  /// A GET below /{brand}/ai-referrals. errc::io_failed if there is no answer: it is not retried,
  /// because a wrong address looks just like that.
  [[nodiscard]] result<api_answer> get(const std::string& path);

  /// Pushes a batch. Retries after a lost connection and after 429, 502, 503 and 504, with pauses
  /// that double from half a second to half a minute, and never earlier than Retry-After says.
  /// Returns the last answer, or errc::io_failed if there was none.
  [[nodiscard]] result<api_answer> push(const analytics_files::push_batch& batch);

  /// The number of retries.
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
