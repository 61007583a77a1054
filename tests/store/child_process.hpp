#pragma once

// A test case of this very program in a process of its own, which may be killed. Started by exec,
// because a fork alone has none of RocksDB's threads.

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace headwater::store::testing {

class child_process {
public:
  /// Runs `test` (suite/case) with HEADWATER_CHILD_DIRECTORY and a pipe to us.
  child_process(const std::string& test, const std::string& directory) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    BOOST_REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      ::setenv("HEADWATER_CHILD_DIRECTORY", directory.c_str(), 1);
      ::setenv("HEADWATER_CHILD_PIPE", std::to_string(ends[1]).c_str(), 1);
      auto run = "--run_test=" + test;
      ::execl("/proc/self/exe", "child", run.c_str(), "--report_level=no", nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  ~child_process() {
    ::close(pipe_);
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// The next number that the child told, or nothing once it has ended.
  [[nodiscard]] std::optional<std::uint64_t> next() const {
    std::uint64_t value = 0;
    if (::read(pipe_, &value, sizeof value) != sizeof value)
      return std::nullopt;
    return value;
  }

  void kill() const { ::kill(pid_, SIGKILL); }

  /// The exit code, or nothing for a child that was killed.
  [[nodiscard]] std::optional<int> wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? std::optional{WEXITSTATUS(status)} : std::nullopt;
  }

private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

/// In the child: the directory to work in; nothing where the case is not run as a child.
inline std::optional<std::string> child_directory() {
  const auto* directory = std::getenv("HEADWATER_CHILD_DIRECTORY");
  return directory ? std::optional<std::string>{directory} : std::nullopt;
}

/// In the child: tells the parent a number.
inline void tell_parent(std::uint64_t value) {
  const auto* pipe = std::getenv("HEADWATER_CHILD_PIPE");
  BOOST_REQUIRE(pipe);
  BOOST_REQUIRE(::write(std::atoi(pipe), &value, sizeof value) == sizeof value);
}

} // namespace headwater::store::testing
