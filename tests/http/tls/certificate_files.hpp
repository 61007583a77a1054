#pragma once

// Certificates made for a test, as files in a directory that goes with it.

#include "http/tls/tls_context.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace headwater::http::testing {

class certificate_files {
public:
  certificate_files() {
    auto shape = (std::filesystem::temp_directory_path() / "headwater-tls-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(shape.data()) != nullptr);
    home_ = shape;
  }
  ~certificate_files() { std::filesystem::remove_all(home_); }
  certificate_files(const certificate_files&) = delete;
  certificate_files& operator=(const certificate_files&) = delete;

  /// A key and its own certificate, valid from and to so many seconds from now.
  tls_files make(const std::string& name, long from = -60, long to = 3600) {
    const tls_files out{(home_ / (name + ".crt")).string(), (home_ / (name + ".key")).string()};
    auto* key = EVP_EC_gen("P-256");
    auto* cert = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), from);
    X509_gmtime_adj(X509_getm_notAfter(cert), to);
    X509_set_pubkey(cert, key);
    auto* subject = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(cert, subject);
    BOOST_REQUIRE(X509_sign(cert, key, EVP_sha256()) > 0);
    if (auto* file = std::fopen(out.certificate.c_str(), "w")) {
      PEM_write_X509(file, cert);
      std::fclose(file);
    }
    if (auto* file = std::fopen(out.key.c_str(), "w")) {
      PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
      std::fclose(file);
    }
    permit(out.key, 0600);
    X509_free(cert);
    EVP_PKEY_free(key);
    return out;
  }

  std::string write(const std::string& name, const std::string& text) {
    const auto path = (home_ / name).string();
    std::ofstream(path) << text;
    permit(path, 0600);
    return path;
  }

  static void permit(const std::string& path, unsigned mode) {
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
  }

  [[nodiscard]] std::string path(const std::string& name) const { return (home_ / name).string(); }

private:
  std::filesystem::path home_;
};

} // namespace headwater::http::testing
