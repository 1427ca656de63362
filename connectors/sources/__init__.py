"""Sources that are fetched: a folder, a database, a calendar, an LRS, an HR system, meetings."""
