"""The contracts of parts as public functions, run over every part of the package and over yours."""
