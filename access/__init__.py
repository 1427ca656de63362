"""Who is looking, and which pages and which part of a release that role sees."""

from access.viewer import Viewer, current_viewer

__all__ = ["Viewer", "current_viewer"]
