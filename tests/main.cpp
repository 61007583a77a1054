#define BOOST_TEST_MODULE headwater
#include <boost/test/unit_test.hpp>
