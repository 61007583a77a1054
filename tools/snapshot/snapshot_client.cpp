// `headwater snapshot create|list --url`: through the API of a running server.

#include "tools/api/answer_json.hpp"
#include "tools/api/api_client.hpp"
#include "tools/api/api_token.hpp"
#include "tools/snapshot/snapshot.hpp"
#include "tools/snapshot/snapshot_report.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/progress.hpp"

#include <chrono>
#include <thread>

namespace headwater::tools {
namespace {

constexpr std::chrono::milliseconds poll_interval{500};

/// An answer's data, or the exit status if there is none; in that case stderr says why.
struct called {
  unsigned http_status = 0;
  rapidjson::Document body;
  int status = 0;

  [[nodiscard]] const rapidjson::Value& data() const { return member(body, "data"); }
};

called call(const snapshot_options& with, const char* method) {
  called out;
  const auto server = parse_server_url(with.url);
  const auto token = find_token(with.token_file);
  if (!server || !token) {
    out.status = give_up(!server ? server.error().message : token.error().message);
    return out;
  }
  api_request request;
  request.method = method;
  request.target = "/snapshots";
  request.headers.emplace_back("Authorization", "Bearer " + *token);
  auto answer = call_api(*server, std::move(request), {});
  if (!answer) {
    out.status = give_up(answer.error().message);
    return out;
  }
  out.http_status = answer->status;
  out.body = parsed_answer(answer->body);
  if (answer->status >= 200 && answer->status < 300 && out.data().IsObject())
    return out;
  const auto& message = member(member(out.body, "error"), "message");
  failure("the server answered " + std::to_string(answer->status) + ": " +
          (message.IsString() ? shown(message) : "no reason given"));
  out.status = answer->status >= 400 && answer->status < 500 ? refused : could_not;
  return out;
}

shown_snapshot shown_of(const rapidjson::Value& of) {
  return {shown(member(of, "name")), shown(member(of, "created_at")),
          number_of(member(of, "position")), number_of(member(of, "bytes")),
          number_of(member(of, "bytes_shared"))};
}

int print_attempt(const rapidjson::Value& attempt) {
  const auto& made = member(attempt, "snapshot");
  if (!made.IsObject())
    return give_up("the snapshot was not made: " + shown(member(attempt, "error")));
  print_created(shown_of(made), number_of(member(made, "events")),
                number_of(member(made, "streams")), shown(member(made, "manifest_sha256")));
  return 0;
}

/// Asks until the attempt that began at that time is over.
int await_attempt(const snapshot_options& with, const std::string& started_at) {
  progress bar;
  for (;;) {
    bar.say("the server makes the snapshot");
    std::this_thread::sleep_for(poll_interval);
    const auto answer = call(with, "GET");
    if (answer.status != 0)
      return answer.status;
    const auto& last = member(answer.data(), "last_attempt");
    if (text_of(member(last, "started_at")) != started_at)
      return give_up("the server knows no more of the snapshot; look at 'headwater snapshot list'");
    if (text_of(member(last, "state")) == "running")
      continue;
    bar.clear();
    return print_attempt(last);
  }
}

} // namespace

int request_snapshot(const snapshot_options& with) {
  const auto answer = call(with, "POST");
  if (answer.status != 0)
    return answer.status;
  if (text_of(member(answer.data(), "state")) == "running")
    return await_attempt(with, text_of(member(answer.data(), "started_at")));
  return print_attempt(answer.data());
}

int request_snapshot_list(const snapshot_options& with) {
  const auto answer = call(with, "GET");
  if (answer.status != 0)
    return answer.status;
  const auto& all = member(answer.data(), "snapshots");
  if (!all.IsArray())
    return give_up("the server's answer has no list of snapshots");
  for (const auto& each : all.GetArray())
    print_snapshot(shown_of(each));
  const auto& last = member(answer.data(), "last_attempt");
  if (text_of(member(last, "state")) == "failed")
    failure("the last attempt, of " + shown(member(last, "started_at")) +
            ", failed: " + shown(member(last, "error")));
  return 0;
}

} // namespace headwater::tools
