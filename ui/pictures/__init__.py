"""Pictures of one topic each: published cells with their finding, ready for the frame."""
