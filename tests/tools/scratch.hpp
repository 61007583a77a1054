#pragma once

// What tests of commands share: what a command prints, files to give it, variables of the
// environment.

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace headwater::tools::testing {

/// What is printed to std::cout and std::cerr as long as this lives.
class captured_output {
public:
  captured_output() = default;
  ~captured_output() {
    std::cout.rdbuf(cout_);
    std::cerr.rdbuf(cerr_);
  }
  captured_output(const captured_output&) = delete;
  captured_output& operator=(const captured_output&) = delete;

  [[nodiscard]] std::string out() const { return out_.str(); }
  [[nodiscard]] std::string err() const { return err_.str(); }

private:
  std::ostringstream out_, err_;
  std::streambuf* cout_ = std::cout.rdbuf(out_.rdbuf());
  std::streambuf* cerr_ = std::cerr.rdbuf(err_.rdbuf());
};

/// A variable of the environment that is set, or not, until the end of a test.
class variable {
public:
  variable(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str()))
      before_ = before;
    set(value);
  }
  ~variable() { set(before_ ? before_->c_str() : nullptr); }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

private:
  void set(const char* value) {
    if (value == nullptr)
      ::unsetenv(name_.c_str());
    else
      ::setenv(name_.c_str(), value, 1);
  }

  std::string name_;
  std::optional<std::string> before_;
};

/// A directory that goes away with its owner.
class scratch {
public:
  scratch() {
    auto name = (std::filesystem::temp_directory_path() / "headwater-tools-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  /// The path of a file that holds the text.
  [[nodiscard]] std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

private:
  std::filesystem::path path_;
};

} // namespace headwater::tools::testing
