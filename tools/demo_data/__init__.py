"""What tools/demo fills an installation with. Each module says what it is about; `command` is where it starts."""
