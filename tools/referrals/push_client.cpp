#include "tools/referrals/push_client.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <random>
#include <thread>

namespace headwater::tools {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{30'000};
/// If a server asks for a longer wait, the push gives up.
constexpr std::chrono::minutes longest_wait{10};

bool may_pass(unsigned status) {
  constexpr std::array passing = {429U, 502U, 503U, 504U};
  return std::ranges::count(passing, status) > 0;
}

/// Varies by up to a quarter, so that many clients do not come back at once.
milliseconds pause_before(unsigned attempt) {
  constexpr unsigned most_doublings = 6;
  const auto usual =
      std::min(longest_pause, first_pause * (1 << std::min(attempt, most_doublings)));
  std::random_device random;
  return usual * 3 / 4 + usual * (random() % 1000) / 2000;
}

std::string in_seconds(milliseconds pause) {
  const auto tenths = (pause.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

/// Why a retry may help; nothing if it cannot.
std::optional<std::string> passing_trouble(const result<api_answer>& answer, bool through_losses) {
  if (!answer)
    return through_losses ? std::optional{answer.error().message} : std::nullopt;
  if (!may_pass(answer->status) ||
      answer->retry_after.value_or(std::chrono::seconds{0}) > longest_wait)
    return std::nullopt;
  return "the server answered " + std::to_string(answer->status);
}

} // namespace

push_client::push_client(push_target target, std::string run, unsigned retries,
                         std::function<void(const std::string&)> tell)
    : target_(std::move(target)), run_(std::move(run)), most_(retries), tell_(std::move(tell)) {}

result<api_answer> push_client::send(const api_request& request, bool through_losses,
                                     const std::string& what) {
  for (unsigned attempt = 0;; ++attempt) {
    auto answer = call_api(target_.server, request, {});
    const auto trouble = passing_trouble(answer, through_losses);
    if (!trouble || attempt == most_)
      return answer;
    auto pause = pause_before(attempt);
    if (answer && answer->retry_after)
      pause = std::max<milliseconds>(pause, *answer->retry_after);
    tell_(what + ": " + *trouble + "; trying again in " + in_seconds(pause));
    std::this_thread::sleep_for(pause);
    ++retried_;
  }
}

result<api_answer> push_client::get(const std::string& path) {
  api_request request;
  request.method = "GET";
  request.target = "/v1/" + std::to_string(target_.brand) + "/ai-referrals/" + path;
  request.headers.emplace_back("Authorization", "Bearer " + target_.token);
  return send(request, false, path);
}

result<api_answer> push_client::push(const analytics_files::push_batch& batch) {
  api_request request;
  request.method = "POST";
  request.target = "/v1/" + std::to_string(target_.brand) + "/ai-referrals/connections/" +
                   encoded(target_.connection) + "/events";
  request.headers.emplace_back("Authorization", "Bearer " + target_.token);
  request.headers.emplace_back("Content-Type", "application/x-ndjson");
  request.headers.emplace_back("Idempotency-Key", run_ + "-" + std::to_string(batch.number));
  request.body = batch.body;
  return send(request, true, "batch " + std::to_string(batch.number));
}

} // namespace headwater::tools
