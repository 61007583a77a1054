// The corpus of proofs of transparency-dev/merkle: each file is one question to a verifier and
// whether it must refuse.

#include "domain/proofs/base64.hpp"
#include "domain/proofs/merkle_path.hpp"
#include "tests/domain/corpora.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidjson/document.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

using namespace headwater;

namespace {

/// How many vectors the corpus has of each kind: a reader that overlooks some does not pass.
constexpr std::size_t vectors_of_each_kind = 98;

std::vector<std::filesystem::path> corpus(const std::string& kind) {
  std::vector<std::filesystem::path> files;
  const auto folder = headwater::testing::corpus_folder("merkle/" + kind);
  if (!folder)
    return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{*folder})
    if (entry.path().extension() == ".json")
      files.push_back(entry.path());
  std::ranges::sort(files);
  BOOST_TEST(files.size() == vectors_of_each_kind);
  return files;
}

rapidjson::Document parsed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  rapidjson::Document out;
  out.Parse(text.data(), text.size());
  BOOST_REQUIRE(out.IsObject());
  return out;
}

std::string bytes_of(const rapidjson::Value& value) {
  auto bytes = from_base64({value.GetString(), value.GetStringLength()});
  BOOST_REQUIRE(bytes);
  return *bytes;
}

/// Nothing where the length is not that of a hash, which is a refusal: no such proof can be asked.
std::optional<digest> digest_of(const rapidjson::Value& value) {
  const auto bytes = bytes_of(value);
  digest out{};
  if (bytes.size() != out.size())
    return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

/// Some consistency vectors have words for roots, and in one, of equal sizes, they are accepted. So
/// a word stands for a hash of its own, equal words for equal ones.
digest root_of(const rapidjson::Value& value) {
  return digest_of(value).value_or(sha256({"not a hash: ", bytes_of(value)}));
}

std::optional<std::vector<digest>> path_of(const rapidjson::Value& value) {
  std::vector<digest> out;
  if (value.IsNull())
    return out;
  for (const auto& item : value.GetArray()) {
    const auto hash = digest_of(item);
    if (!hash)
      return std::nullopt;
    out.push_back(*hash);
  }
  return out;
}

bool accepts_inclusion(const rapidjson::Document& vector) {
  const auto leaf = digest_of(vector["leafHash"]);
  const auto root = digest_of(vector["root"]);
  const auto path = path_of(vector["proof"]);
  return leaf && root && path &&
         verify_inclusion(*leaf, vector["leafIdx"].GetUint64(), vector["treeSize"].GetUint64(),
                          *path, *root)
             .has_value();
}

bool accepts_consistency(const rapidjson::Document& vector) {
  const auto path = path_of(vector["proof"]);
  return path && verify_consistency(vector["size1"].GetUint64(), root_of(vector["root1"]),
                                    vector["size2"].GetUint64(), root_of(vector["root2"]), *path)
                     .has_value();
}

template <class Accepts>
void check(const std::string& kind, Accepts accepts) {
  std::size_t accepted = 0;
  const auto files = corpus(kind);
  for (const auto& file : files)
    BOOST_TEST_CONTEXT(file) {
      const auto vector = parsed(file);
      const auto accepted_here = accepts(vector);
      BOOST_TEST(accepted_here == !vector["wantErr"].GetBool());
      accepted += accepted_here ? 1 : 0;
    }
  BOOST_TEST((files.empty() || accepted > 0));
  BOOST_TEST_MESSAGE(kind << ": " << files.size() << " vectors, " << accepted << " accepted");
}

} // namespace

BOOST_AUTO_TEST_SUITE(merkle_corpus)

BOOST_AUTO_TEST_CASE(every_inclusion_vector_is_accepted_or_refused_as_it_says) {
  check("inclusion", accepts_inclusion);
}

BOOST_AUTO_TEST_CASE(every_consistency_vector_is_accepted_or_refused_as_it_says) {
  check("consistency", accepts_consistency);
}

BOOST_AUTO_TEST_SUITE_END()
