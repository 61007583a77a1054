"""End-to-end tests of the headwater program, from the outside: real processes, real sockets.

Written from the contract and not from the code; standard library only, Python 3.11.
"""
