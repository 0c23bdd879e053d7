"""Speed, as ratios to a bare Flask route served the same way in the same call; not in the tests."""
