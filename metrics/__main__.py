"""Print the glossary: ``python -m metrics > docs/glossary.md``."""

import sys

from metrics import MEASURES
from metrics.glossary import glossary

if __name__ == "__main__":
    sys.stdout.write(glossary(MEASURES))
