"""What holds for all tests."""

from hypothesis import settings

# a busy machine is no fault of the code: a law is about results, and the benchmarks are about time
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
