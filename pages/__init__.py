"""One screen a file: each defines render(release, viewer) and, by itself, shows nothing."""
