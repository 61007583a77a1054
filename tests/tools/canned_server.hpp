#pragma once

// A server that gives prepared answers, for tests of what commands make of them.

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <mutex>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace headwater::tools::testing {

/// An answer with a body, as its bytes. `fields` are lines of their own.
inline std::string answer(int status, std::string_view body, std::string_view fields = {}) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Any\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

/// Takes a connection for each answer, one after the other, and then none any more. An empty answer
/// closes the connection without one.
class canned_server {
public:
  explicit canned_server(std::vector<std::string> answers) : answers_(std::move(answers)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BOOST_REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), size) == 0);
    BOOST_REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    BOOST_REQUIRE(::listen(listener_, 8) == 0);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~canned_server() {
    ::shutdown(listener_, SHUT_RDWR); // ends a wait for a connection
    thread_.join();
    ::close(listener_);
  }
  canned_server(const canned_server&) = delete;
  canned_server& operator=(const canned_server&) = delete;

  [[nodiscard]] std::string port() const { return std::to_string(port_); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + port(); }
  /// What came so far, whole requests.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

private:
  void serve() {
    for (const auto& each : answers_) {
      const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0)
        return;
      auto request = read_request(peer);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
      }
      static_cast<void>(::send(peer, each.data(), each.size(), MSG_NOSIGNAL));
      ::close(peer);
    }
    ::shutdown(listener_, SHUT_RDWR);
  }

  static std::string read_request(int peer) {
    std::string out;
    std::size_t whole = std::string::npos;
    char piece[4096];
    while (out.size() < whole) {
      const auto count = ::recv(peer, piece, sizeof piece, 0);
      if (count <= 0)
        return out;
      out.append(piece, static_cast<std::size_t>(count));
      if (const auto head = out.find("\r\n\r\n"); whole == out.npos && head != out.npos) {
        constexpr std::string_view name = "Content-Length: ";
        const auto length = out.find(name);
        whole = head + 4 + (length < head ? std::stoul(out.substr(length + name.size())) : 0);
      }
    }
    return out;
  }

  std::vector<std::string> answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

} // namespace headwater::tools::testing
