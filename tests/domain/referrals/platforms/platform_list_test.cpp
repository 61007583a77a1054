#include "domain/core/time.hpp"
#include "domain/referrals/platforms/platform_list.hpp"
#include "tests/domain/core/colliding_keys.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace headwater::referrals;

namespace {

std::size_t lines_that_start_with(const std::string& file, std::string_view prefix) {
  std::ifstream in(std::string{HEADWATER_SOURCE_DIR} + "/domain/referrals/platforms/data/" + file);
  BOOST_REQUIRE(in.good());
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);)
    count += line.starts_with(prefix) ? 1 : 0;
  return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_platform_list)

BOOST_AUTO_TEST_CASE(every_entry_of_the_data_files_is_compiled_in) {
  auto in_files = lines_that_start_with("AIAssistants.yml", "  - ") +
                  lines_that_start_with("additions.yml", "  - ");
  BOOST_TEST(platform_list::shipped().entries().size() == in_files);
  BOOST_TEST(in_files > 60U);
}

BOOST_AUTO_TEST_CASE(every_shipped_entry_tells_where_it_comes_from) {
  for (const auto& entry : platform_list::shipped().entries()) {
    BOOST_TEST_CONTEXT(entry.value) {
      BOOST_REQUIRE(entry.origin);
      BOOST_TEST(!entry.origin->why.empty());
      BOOST_TEST(headwater::parse_date(entry.origin->since).has_value());
      const bool ours = entry.origin->source == "headwater";
      BOOST_TEST((ours || entry.origin->source.starts_with("https://")));
      BOOST_TEST(entry.origin->revision.size() == (ours ? 0U : 40U));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_entry_of_a_list_has_the_origin_of_that_list) {
  std::size_t ours = 0;
  for (const auto& entry : platform_list::shipped().entries())
    ours += entry.origin->source == "headwater" ? 1 : 0;
  BOOST_TEST(ours == lines_that_start_with("additions.yml", "  - "));
}

BOOST_AUTO_TEST_CASE(every_shipped_entry_finds_its_platform) {
  const auto& list = platform_list::shipped();
  for (const auto& entry : list.entries()) {
    BOOST_TEST_CONTEXT(entry.value) {
      auto slash = std::min(entry.value.find('/'), entry.value.size());
      std::optional<std::string_view> found;
      switch (entry.kind) {
      case entry_kind::host:
      case entry_kind::host_path:
        found = list.of_host(entry.value.substr(0, slash), entry.value.substr(slash));
        break;
      case entry_kind::android_package:
        found = list.of_package(entry.value);
        break;
      case entry_kind::token:
        found = list.of_token(entry.value);
        break;
      }
      BOOST_TEST(found.value_or("") == entry.platform);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_platform_is_found_by_its_own_name) {
  const auto& list = platform_list::shipped();
  for (auto name : list.platforms())
    BOOST_TEST(list.of_token(name).value_or("") == name);
}

BOOST_AUTO_TEST_CASE(the_version_is_twelve_hexadecimal_digits) {
  const auto& version = platform_list::shipped().version();
  BOOST_TEST(version.size() == 12U);
  BOOST_TEST(version.find_first_not_of("0123456789abcdef") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(platforms_are_distinct_and_in_the_order_of_the_data) {
  const auto& names = platform_list::shipped().platforms();
  BOOST_TEST(names.front() == "Baidu AI");
  BOOST_TEST(std::set<std::string_view>(names.begin(), names.end()).size() == names.size());
}

BOOST_AUTO_TEST_CASE(the_longest_host_and_a_path_before_a_host_decide) {
  platform_list list{"1",
                     {{"Wide", entry_kind::host, "example.com"},
                      {"Narrow", entry_kind::host, "ai.example.com"},
                      {"Path", entry_kind::host_path, "example.com/chat"},
                      {"Other", entry_kind::host_path, "example.com/other/chat"}}};
  BOOST_TEST(list.of_host("example.com", "").value_or("") == "Wide");
  BOOST_TEST(list.of_host("x.ai.example.com", "").value_or("") == "Narrow");
  BOOST_TEST(list.of_host("example.com", "/chat").value_or("") == "Path");
  BOOST_TEST(list.of_host("example.com", "/other/chat/1").value_or("") == "Other");
  BOOST_TEST(list.of_host("example.com", "/chats").value_or("") == "Wide");
  BOOST_TEST(list.of_host("sub.example.com", "/chat").value_or("") == "Path");
  BOOST_TEST(list.of_host("ai.example.com", "/chat").value_or("") == "Narrow");
  BOOST_TEST(!list.of_host("badexample.com", ""));
}

BOOST_AUTO_TEST_CASE(an_empty_list_knows_nothing) {
  platform_list list{"0", {}};
  BOOST_TEST(!list.of_host("chatgpt.com", ""));
  BOOST_TEST(!list.of_token(""));
  BOOST_TEST(!list.of_package("com.openai.chatgpt"));
}

// FNV-1a from the last byte to the first, by which entries were once found.
BOOST_AUTO_TEST_CASE(hosts_that_were_made_to_collide_are_looked_up_as_fast) {
  constexpr std::size_t entries = 500, slots = 2'048; // a list has four slots an entry
  const auto bucket_of = [](const std::string& host) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (auto at = host.size(); at-- > 0;)
      hash = (hash ^ static_cast<unsigned char>(host[at])) * 0x100000001b3;
    return hash % slots;
  };
  std::vector<std::string> usual, colliding;
  for (std::size_t i = 10'000'000; colliding.size() < 2 * entries; ++i) {
    auto host = "h" + std::to_string(i) + ".example";
    if (usual.size() < 2 * entries)
      usual.push_back(host);
    if (bucket_of(host) == 0)
      colliding.push_back(std::move(host));
  }
  const auto cost_of_looking = [&](const std::vector<std::string>& hosts) {
    std::vector<platform_entry> half;
    for (std::size_t i = 0; i < entries; ++i)
      half.push_back({"Own", entry_kind::host, hosts[i], nullptr});
    const platform_list list{"", half, platform_list::naming::no_token};
    return headwater::testing::cost_of([&] {
      std::size_t found = 0;
      for (const auto& host : hosts)
        found += list.of_host(host, "") ? 1 : 0;
      BOOST_TEST(found == entries);
    });
  };
  const auto cost = cost_of_looking(usual);
  BOOST_TEST(cost_of_looking(colliding) < 5 * cost);
}

BOOST_AUTO_TEST_SUITE_END()
