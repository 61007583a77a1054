#include "tests/snapshots/snapshot_fixture.hpp"
#include "tests/store/changed_bytes.hpp"
#include "tests/store/proof_fixture.hpp"

#include <cstdio>
#include <iostream>

namespace headwater::snapshots::testing {
namespace {

struct verifying_fixture : workplace {
  verifying_fixture() {
    append(5);
    append(5, "connection/01H");
    made = make();
    path = path_of(made);
  }

  /// What verifying says: an error of errc::corrupt_log.
  [[nodiscard]] std::string fault() const {
    const auto verified = verify_snapshot(path, {});
    BOOST_REQUIRE(!verified);
    BOOST_TEST((verified.error().code == errc::corrupt_log));
    return verified.error().message;
  }

  made_snapshot made;
  fs::path path;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(verifying, verifying_fixture)

BOOST_AUTO_TEST_CASE(changed_byte_of_any_file_is_found_and_the_file_named) {
  BOOST_REQUIRE(made.what.files.size() >= 6);
  for (const auto& file : made.what.files) {
    const auto good = read_bytes(path / file.name);
    BOOST_REQUIRE(!good.empty() || file.size == 0);
    for (const auto at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      if (good.empty())
        continue;
      auto bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      write_bytes(path / file.name, bad);
      BOOST_TEST(fault().starts_with(file.name + " "), file.name);
    }
    write_bytes(path / file.name, good);
  }
  BOOST_TEST(verify_snapshot(path, {}).has_value());
}

BOOST_AUTO_TEST_CASE(no_changed_byte_is_accepted_and_the_file_is_named) {
  const auto seed = test_seed();
  std::cout << "HEADWATER_SEED=" << seed << '\n';
  std::mt19937_64 random{seed};
  std::size_t changed = 0;
  auto names = made.what.files;
  names.push_back({"MANIFEST.json", 0, {}});
  for (const auto& file : names) {
    const auto good = read_bytes(path / file.name);
    const bool is_manifest = file.name == "MANIFEST.json";
    for (const auto at : places(good.size(), is_manifest ? 400 : 10, random)) {
      write_bytes(path / file.name, flipped(good, at, random));
      const auto verified = verify_snapshot(path, {});
      ++changed;
      BOOST_TEST_CONTEXT(file.name << " byte " << at << " seed " << seed) {
        BOOST_REQUIRE(!verified);
        BOOST_TEST(verified.error().message.starts_with(file.name + " "), verified.error().message);
      }
    }
    write_bytes(path / file.name, good);
  }
  std::cout << changed << " bytes of a snapshot changed, all of them named\n";
  BOOST_TEST(verify_snapshot(path, {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_snapshot_changed_together_with_its_manifest_differs_from_what_was_noted) {
  const noted_facts noted{made.manifest_sha256, {}};
  BOOST_TEST(verify_snapshot(path, {}, noted).has_value());
  auto other = made.what;
  other.program = "someone's";
  write_bytes(path / "MANIFEST.json", write_manifest(other));
  BOOST_TEST(verify_snapshot(path, {}).has_value());
  const auto verified = verify_snapshot(path, {}, noted);
  BOOST_REQUIRE(!verified);
  BOOST_TEST((verified.error().code == errc::corrupt_log));
  BOOST_TEST(verified.error().message == "MANIFEST.json has the SHA-256 " +
                                             to_hex(sha256({write_manifest(other)})) + ", not " +
                                             to_hex(made.manifest_sha256));
  BOOST_TEST(!fs::exists(new_data()));
}

// As in snapshots that were made before tables were checked.
BOOST_AUTO_TEST_CASE(a_snapshot_of_a_table_that_was_damaged_already_is_found_and_the_table_named) {
  constexpr std::string_view family = "nameusage"; // as the file's properties have it
  auto told = made.what;
  bool is_changed = false;
  for (auto& file : told.files) {
    auto bytes = read_bytes(path / file.name);
    if (!file.name.ends_with(".sst") || bytes.find(family) == std::string::npos)
      continue;
    bytes[10] = static_cast<char>(bytes[10] ^ 1);
    write_bytes(path / file.name, bytes);
    file.sha256 = sha256({bytes});
    is_changed = true;
  }
  BOOST_REQUIRE(is_changed);
  write_bytes(path / "MANIFEST.json", write_manifest(told));
  BOOST_TEST(fault().starts_with("table usage is damaged: "), fault());
}

BOOST_AUTO_TEST_CASE(a_noted_key_must_have_signed_a_checkpoint_in_it) {
  const auto key = store::testing::test_key("headwater/noted");
  const noted_facts noted{{}, key.verifier};
  const auto unsigned_yet = verify_snapshot(path, {}, noted);
  BOOST_REQUIRE(!unsigned_yet);
  BOOST_TEST((unsigned_yet.error().code == errc::corrupt_log));
  BOOST_TEST(unsigned_yet.error().message ==
             "no checkpoint in the snapshot is signed by the key headwater/noted");
  auto tree = store::testing::grown_tree(*log);
  store::testing::cut(*log, tree, key);
  append(2);
  const auto later = path_of(make(noon + 1'000'000));
  const auto verified = verify_snapshot(later, {}, noted);
  BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  BOOST_TEST(verified->proven == 10U);
  BOOST_TEST(verified->what.holds.events == 12U);
  BOOST_TEST(verify_snapshot(later, {})->proven == 0U);
  // Another key of the same name, and one of another name.
  const auto forged = store::testing::test_key("headwater/noted", 'f');
  const auto refused = verify_snapshot(later, {}, {{}, forged.verifier});
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message.starts_with("the checkpoint of 10 events: "),
             refused.error().message);
  const auto unknown = store::testing::test_key("headwater/unknown");
  BOOST_TEST(verify_snapshot(later, {}, {{}, unknown.verifier}).has_error());
}

BOOST_AUTO_TEST_CASE(missing_longer_and_unlisted_files_are_found) {
  const auto head = read_bytes(path / "HEAD");
  write_bytes(path / "HEAD", head + "x");
  BOOST_TEST(fault().starts_with("HEAD has 8193 bytes"));
  fs::remove(path / "HEAD");
  BOOST_TEST(fault() == "HEAD is missing");
  write_bytes(path / "HEAD", head);
  write_bytes(path / "db" / "more.sst", "x");
  BOOST_TEST(fault() == "db/more.sst is not in MANIFEST.json");
  fs::remove(path / "db" / "more.sst");
  fs::create_symlink("/etc/passwd", path / "zzz");
  BOOST_TEST(fault() == "zzz is not a file of a snapshot");
  fs::remove(path / "zzz");
  BOOST_TEST(verify_snapshot(path, {}).has_value());
}

BOOST_AUTO_TEST_CASE(manifest_that_is_not_canonical_or_tells_other_than_the_log_is_found) {
  const auto name = path / "MANIFEST.json";
  const auto good = read_bytes(name);
  for (const auto at : {std::size_t{0}, std::size_t{2}, good.size() - 1}) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    write_bytes(name, bad);
    BOOST_TEST(fault().starts_with("MANIFEST.json "));
  }
  const auto with = [&](auto change) {
    auto other = made.what;
    change(other);
    write_bytes(name, write_manifest(other));
    return fault();
  };
  BOOST_TEST(with([](manifest& m) { ++m.holds.position; }).find("position") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.time; }).find("time") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.events; }).find("events") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.streams; }).find("streams") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.accounts; }).find("accounts") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.connections; }).find("connections") !=
             std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.chain[0]; }).find("chain") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.merkle_root[0]; }).find("Merkle root") !=
             std::string::npos);
  BOOST_TEST(with([](manifest& m) { ++m.holds.heads[0]; }).find("heads") != std::string::npos);
  BOOST_TEST(with([](manifest& m) { m.files.push_back(m.files[0]); }).find("in order") !=
             std::string::npos);
  write_bytes(name, good);
  BOOST_TEST(verify_snapshot(path, {}).has_value());
}

BOOST_AUTO_TEST_CASE(directory_without_a_finished_manifest_is_no_snapshot) {
  for (const auto* text : {"", "absent"}) {
    write_bytes(path / "MANIFEST.json", text);
    if (*text != '\0')
      fs::remove(path / "MANIFEST.json");
    const auto verified = verify_snapshot(path, {});
    BOOST_REQUIRE(!verified);
    BOOST_TEST((verified.error().code == errc::incompatible_data));
    BOOST_TEST(list_snapshots(on->path())->empty());
  }
}

BOOST_AUTO_TEST_CASE(verifying_writes_nothing) {
  const auto before = all_bytes(path);
  BOOST_TEST(verify_snapshot(path, {}).has_value());
  BOOST_TEST((all_bytes(path) == before));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(manifests)

std::string golden(std::uint64_t version) {
  return read_bytes(std::string{HEADWATER_SOURCE_DIR} + "/tests/golden/snapshots/manifest." +
                    std::to_string(version) + ".json");
}

BOOST_AUTO_TEST_CASE(golden_manifests_are_read_and_written_back_byte_for_byte) {
  for (const std::uint64_t version : {1, 2}) {
    const auto read = parse_manifest(golden(version));
    BOOST_REQUIRE_MESSAGE(read, read.error().message);
    BOOST_TEST(read->version == version);
    BOOST_TEST(read->created_at == noon);
    BOOST_TEST(read->holds.position == 123);
    BOOST_TEST(read->files.size() == 2);
    BOOST_TEST(read->bytes() == 8208);
    BOOST_TEST(read->merkle_root().has_value() == (version == 2));
    BOOST_TEST(write_manifest(*read) == golden(version));
  }
}

BOOST_AUTO_TEST_CASE(manifest_of_the_first_version_verifies_without_a_root) {
  workplace here;
  here.append(3);
  const auto made = here.make();
  auto old = made.what;
  old.version = 1;
  old.holds.merkle_root = {};
  write_bytes(here.path_of(made) / "MANIFEST.json", write_manifest(old));
  const auto verified = verify_snapshot(here.path_of(made), {});
  BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  BOOST_TEST(!verified->what.merkle_root().has_value());
  BOOST_TEST(here.restore(here.path_of(made)).has_value());
}

BOOST_AUTO_TEST_CASE(a_hostile_manifest_is_refused_before_much_is_made_of_it) {
  const auto many = [](std::string_view one, std::size_t bytes) {
    std::string out = R"({"files":[)";
    while (out.size() < bytes)
      out += one;
    out.back() = ']';
    return out + R"(,"version":2})";
  };
  const auto own = "{\"name\":\"\",\"sha256\":\"" + std::string(64, '0') + "\",\"size\":0},";
  for (const std::string& one : {std::string("0,"), std::string("[],"), std::string("{},"),
                                 std::string(R"("123456789012345",)"), own}) {
    const auto read = parse_manifest(many(one, std::size_t{1} << 20));
    BOOST_REQUIRE_MESSAGE(!read, one);
    BOOST_TEST((read.error().code == errc::corrupt_log));
    BOOST_TEST(read.error().message ==
               "MANIFEST.json is damaged: it has other bytes than Headwater writes");
  }
  const auto longer = parse_manifest(many("0,", longest_manifest));
  BOOST_REQUIRE(!longer);
  BOOST_TEST(longer.error().message == "MANIFEST.json is damaged: it is too long");
}

BOOST_AUTO_TEST_CASE(a_manifest_of_very_many_files_can_be_read) {
  manifest large;
  for (int number = 0; number < 100'000; ++number) {
    char name[32];
    std::snprintf(name, sizeof name, "db/%09d.sst", number);
    large.files.push_back({name, 67'108'864, {}});
  }
  large.files.push_back({"", 1, {}}); // the shortest
  const auto text = write_manifest(large);
  BOOST_TEST(text.size() < longest_manifest);
  BOOST_TEST((parse_manifest(text).value() == large));
}

BOOST_AUTO_TEST_CASE(checksum_is_the_sha256_of_the_text_without_it) {
  const auto text = golden(2);
  const auto begin = text.find(R"("checksum":")");
  BOOST_REQUIRE(begin != std::string::npos);
  constexpr std::size_t length = std::string_view{R"("checksum":"",)"}.size() + 64;
  BOOST_TEST(text.substr(begin + 12, 64) ==
             to_hex(sha256({text.substr(0, begin), text.substr(begin + length)})));
}

BOOST_AUTO_TEST_CASE(newer_manifest_is_refused_as_that) {
  const auto read = parse_manifest(R"({"version":3})");
  BOOST_REQUIRE(!read);
  BOOST_TEST((read.error().code == errc::incompatible_data));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::snapshots::testing
