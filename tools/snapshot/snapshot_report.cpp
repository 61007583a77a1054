#include "tools/snapshot/snapshot_report.hpp"

#include <iostream>

namespace headwater::tools {

void print_snapshot(const shown_snapshot& one) {
  std::cout << one.name << "  position " << one.position << "  " << one.created_at << "  "
            << one.bytes << " bytes, " << one.bytes_shared << " shared\n";
}

void print_created(const shown_snapshot& one, std::int64_t events, std::int64_t streams,
                   const std::string& manifest_sha256) {
  std::cout << one.name << "\nholds " << events << " events in " << streams
            << " streams up to position " << one.position << "\ntakes " << one.bytes << " bytes, "
            << one.bytes_shared << " of them shared by hard links\nMANIFEST.json has the SHA-256 "
            << manifest_sha256 << '\n';
}

} // namespace headwater::tools
